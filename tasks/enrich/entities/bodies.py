"""Bodies that all the world's press names without saying what they are, and whose names mean nothing else."""

_NAMES = """
    ABB, Accenture, Adani, Adani Group, Adidas, Aeroméxico, AFP, Afreximbank, African Union, Agence France-Presse,
    Agência Brasil, Agerpres, Air France, Airbnb, Airbus, Airtel, Al Ahram, Al Arabiya, Al Jazeera, Al Mayadeen, Al
    Qaeda, Al Shabaab, Al-Ahram, Al-Azhar, Al-Jazeera, Al-Qaeda, al-Qaeda, Al-Shabaab, al-Shabaab, Alibaba, Amnesty
    International, Anadolu, Anadolu Agency, Anheuser-Busch, ANSA, Ant Group, Antara, APEC, Aramco, ArcelorMittal,
    Arsenal, Asahi Shimbun, ASEAN, Associated Press, Aston Villa, AstraZeneca, AT&T, Atlético Madrid, Audi, Avianca,
    Azertac, Baidu, Barclays, Barrick Gold, BASF, Bath & Body Works, Bayer, Bayern Munich, BBC, Belga, BelTA,
    Bernama, BioNTech, BJP, Bloomberg, BMW, BNP Paribas, Boeing, Boko Haram, BRICS, Bundesbank, Bundesliga,
    Burberry, ByteDance, Caixin, Calvin Klein, CARICOM, Caricom, Carolina Herrera, Carrefour, Cartier, CBC, CBS,
    CCTV, Cemex, CGTN, Chanel, Chatham House, Chevron, Chosun Ilbo, Christie's, CIA, Cisco, Citigroup, Citroën,
    CNBC, CNN, Coca-Cola, COMESA, CONCACAF, CONMEBOL, Credit Suisse, Daimler, Danone, Deloitte, Der Spiegel,
    Deutsche Bank, Deutsche Welle, Didi, Die Welt, Dior, Doctors Without Borders, Dolce & Gabbana, Dong-A Ilbo, Dow
    Jones, DPA, ECB, Ecopetrol, ECOWAS, EFE, El Espectador, El Mundo, El País, El Tiempo, El Universal, Eli Lilly,
    Embraer, Equinor, Ericsson, Eskom, Estée Lauder, Ethiopian Airlines, Etihad Airways, EU, Euronews, European
    Union, Europol, Evergrande, Everton, ExxonMobil, Facebook, Fatah, FBI, FDA, Fianna Fáil, FIFA, Fine Gael,
    Flipkart, Folha de S.Paulo, Forbes, Foxconn, Frontex, FSB, Fujitsu, Gazprom, GCC, Glencore, Gojek, Goldman
    Sachs, Google, Greenpeace, Group of Seven, GSK, Gucci, H&M, Haaretz, Hamas, Harvard, HBO, Heineken, Hermès,
    Hezbollah, Hitachi, Hizbollah, Hizbullah, HSBC, Huawei, Human Rights Watch, Hürriyet, Hyundai, IAEA, IATA, IBM,
    ICC, IKEA, ILO, IMF, Infobae, Infosys, Instagram, Interfax, International Monetary Fund, Interpol, IOC, IOM,
    IPCC, IRGC, IRNA, ISIL, ISIS, Islamic State, ISNA, Jamaat-e-Islami, Jemaah Islamiyah, Johnson & Johnson,
    JoongAng Ilbo, JPMorgan, Juventus, Kaspersky, KCNA, KFC, Kia, Knesset, Komeito, KPMG, KUNA, Kyodo, Kyodo News,
    L'Oréal, La Liga, La Nación, La Prensa, La Repubblica, Lazada, Le Figaro, Le Monde, Lego, Lenovo, Likud,
    LinkedIn, Lockheed Martin, Lok Sabha, Louis Vuitton, Lufthansa, Lukoil, Maersk, Mainichi Shimbun, Manchester
    City, Manchester United, Marriott, Mastercard, Mazda, McDonald's, McKinsey, Médecins Sans Frontières, Meituan,
    Mercado Libre, Mercedes-Benz, Merck, Mercosur, Michael Kors, Microsoft, Mitsubishi, Moderna, Montsame,
    Moody's, Morgan Stanley, Mossad, MSF, MTN, NASA, NATO, NBC, Nestlé, Netflix, New York Times, NHK, Nike, Nikkei,
    Nissan, Nokia, Notimex, Novartis, Novo Nordisk, NPR, Nubank, Nvidia, O Globo, OAS, OCHA, Odebrecht, OECD, OHCHR,
    OIC, OPEC, Oppo, Oxfam, Panasonic, Paris Saint-Germain, Patek Philippe, PayPal, PDVSA, Pemex, Pepsi, PepsiCo,
    Petrobras, PetroChina, Petronas, Peugeot, Pfizer, Philips, Pinduoduo, PLO, Politico, Polo Ralph Lauren, Porsche,
    Prada, Prensa Latina, Press Trust of India, PricewaterhouseCoopers, Procter & Gamble, PSG, PTI, Puma, PwC,
    Qantas, Qualcomm, Rajya Sabha, Ralph Lauren, Rappi, Rappler, Real Madrid, Red Crescent, Red Cross, Reebok,
    Reliance Industries, Renault, Reporters Without Borders, Repsol, Reuters, RIA Novosti, Ritzau, Rolex, Rosatom,
    Rosneft, Royal Dutch Shell, RTVE, Ryanair, SAARC, SADC, Safaricom, Samsung, SANA, Sanofi, Save the Children,
    Shin Bet, Shopee, Siemens, Sinopec, Sinovac, SoftBank, Sony, Sotheby's, SpaceX, Spotify, Standard Chartered,
    Starbucks, Stellantis, SUNA, Tanjug, Tasnim, TASS, Tata Motors, Télam, Telefónica, Telesur, Televisa, Tencent,
    Tesco, Tommy Hilfiger, TotalEnergies, Toyota, Transparency International, TRT, Tsinghua, TSMC, TV Azteca,
    Twitter, Uber, UBS, UEFA, Ukrinform, UN, UN Development Programme, UN Environment Programme, UN High
    Commissioner for Human Rights, UN High Commissioner for Refugees, UNAIDS, UNCTAD, UNDP, UNEP, UNESCO, Unesco,
    UNFPA, UNHCR, UNICEF, Unicef, UNIFIL, Unilever, UNITA, United Nations, United Nations Development Program,
    United Nations Development Programme, United Nations Environment Programme, UNODC, UNRWA, USAID, Verizon,
    Versace, Victoria's Secret, Vodafone, Volkswagen, Volvo, WAFA, Walmart, WAM, Washington Post, WFP, WHO,
    WikiLeaks, Wikimedia, Wipro, World Bank, World Food Program, World Food Programme, World Health Organization,
    WTO, WWF, Xiaomi, Xinhua, Yandex, Yomiuri Shimbun, Yonhap, Yves Rocher, Yves Saint Laurent, ZANU-PF, Zanu-PF,
    Zara, Zomato, ZTE
"""
BODIES = frozenset(" ".join(name.split()) for name in _NAMES.split(","))
"""News agencies, organisations of states, companies, parties and armed movements of many countries."""

_FORMS = """
    AC AFC AG BBK BSC BSG BV CD CF EHC ERC EV FC FCK FK FSV GmbH HC HSG HSV KG KGaA KSC MSV NK OGC OSC PSV RC RSC SA SAS
    SC SCP SE SK SL SpA SSC SSV SV TSG TSV TuS TV UD UG VfB VfL VfR VV Arminia Alemannia Borussia Dynamo Eintracht
    Olympique
"""
FORMS = frozenset(_FORMS.split())
"""Words in the names of clubs and companies, in capitals as they are written, that say that the name is a body's."""
