"""Bodies that all the world's press names without saying what they are, and whose names mean nothing else."""

_NAMES = """
    ABB, Accenture, Adidas, AFP, Afreximbank, African Union, Agence France-Presse, Agerpres, Agência Brasil, Air
    France, Airbnb, Airbus, Al Ahram, Al Arabiya, Al Jazeera, Al Qaeda, Al Shabaab, Al-Ahram, Al-Azhar, Al-Jazeera,
    Al-Qaeda, al-Qaeda, Al-Shabaab, al-Shabaab, Alibaba, Amnesty International, Anadolu, Anadolu Agency, ANSA,
    Antara, APEC, Aramco, ArcelorMittal, Arsenal, ASEAN, Aston Villa, Associated Press, AstraZeneca, AT&T, Atlético
    Madrid, Azertac, Baidu, Barclays, Barrick Gold, BASF, Bayern Munich, BBC, Belga, BelTA, Bernama, BioNTech, BJP,
    Bloomberg, BNP Paribas, Boeing, Boko Haram, BRICS, Bundesbank, Bundesliga, ByteDance, CARICOM, Caricom, CBC,
    CBS, Chatham House, Chevron, Christie's, CIA, Cisco, Citigroup, CNBC, CNN, Coca-Cola, COMESA, CONCACAF,
    CONMEBOL, Credit Suisse, Daimler, Deloitte, Der Spiegel, Deutsche Bank, Deutsche Welle, Die Welt, Doctors
    Without Borders, Dow Jones, DPA, ECB, Ecopetrol, ECOWAS, EFE, El Mundo, El País, El Universal, Equinor,
    Ericsson, Eskom, Ethiopian Airlines, Etihad Airways, EU, Euronews, Everton, European Union, Europol, ExxonMobil,
    Facebook, Fatah, FBI, FDA, Fianna Fáil, FIFA, Fine Gael, Folha de S.Paulo, Foxconn, Frontex, FSB, Gazprom, GCC,
    Glencore, Goldman Sachs, Google, Greenpeace, Group of Seven, GSK, Haaretz, Hamas, Harvard, HBO, Hezbollah,
    Hizbollah, Hizbullah, HSBC, Huawei, Human Rights Watch, Hyundai, IAEA, IATA, IBM, ICC, IKEA, ILO, IMF, Infosys,
    Instagram, Interfax, International Monetary Fund, Interpol, IOC, IOM, IPCC, IRGC, IRNA, ISIL, ISIS, Islamic
    State, ISNA, Jamaat-e-Islami, Jemaah Islamiyah, JPMorgan, Juventus, Kaspersky, KCNA, KFC, Knesset, KPMG, KUNA,
    Kyodo, Kyodo News, La Liga, La Nación, La Prensa, La Repubblica, Le Figaro, Le Monde, Likud, LinkedIn, Lockheed
    Martin, Lok Sabha, Lufthansa, Lukoil, Maersk, Manchester City, Manchester United, Mastercard, McDonald's,
    McKinsey, Merck, Mercosur, Microsoft, Mitsubishi, Moderna, Montsame, Moody's, Morgan Stanley, Mossad, MSF, MTN,
    Médecins Sans Frontières, NASA, NATO, NBC, Nestlé, Netflix, New York Times, NHK, Nikkei, Nokia, Notimex,
    Novartis, NPR, Nvidia, OAS, OCHA, Odebrecht, OECD, OHCHR, OIC, OPEC, Oxfam, Panasonic, Paris Saint-Germain,
    PayPal, PDVSA, Pemex, Petrobras, PetroChina, Petronas, Pfizer, Philips, PLO, Politico, Prensa Latina, Press
    Trust of India, PricewaterhouseCoopers, PSG, PTI, PwC, Qantas, Qualcomm, Rajya Sabha, Rappler, Real Madrid, Red
    Crescent, Red Cross, Reliance Industries, Reporters Without Borders, Repsol, Reuters, RIA Novosti, Ritzau,
    Rosatom, Rosneft, Royal Dutch Shell, RTVE, Ryanair, SAARC, SADC, Safaricom, Samsung, SANA, Save the Children,
    Siemens, Sinopec, Sinovac, SoftBank, Sony, SpaceX, Spotify, Standard Chartered, Starbucks, SUNA, Tanjug, Tasnim,
    TASS, Tata Motors, Telefónica, Tencent, Tesco, TotalEnergies, Toyota, Transparency International, Twitter,
    Télam, Uber, UBS, UEFA, Ukrinform, UN, UN Development Programme, UN Environment Programme, UN High Commissioner
    for Human Rights, UN High Commissioner for Refugees, UNAIDS, UNCTAD, UNDP, UNEP, UNESCO, Unesco, UNFPA, UNHCR,
    UNICEF, Unicef, UNIFIL, Unilever, UNITA, United Nations, United Nations Development Program, United Nations
    Development Programme, United Nations Environment Programme, UNODC, UNRWA, USAID, Verizon, Vodafone, Volkswagen,
    WAFA, Walmart, WAM, Washington Post, WFP, WHO, WikiLeaks, Wikimedia, World Bank, World Food Program, World Food
    Programme, World Health Organization, WTO, WWF, Xiaomi, Xinhua, Yandex, Yonhap, ZANU-PF, Zanu-PF, ZTE
"""
BODIES = frozenset(" ".join(name.split()) for name in _NAMES.split(","))
"""News agencies, organisations of states, companies, parties and armed movements of many countries."""
