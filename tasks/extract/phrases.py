"""Phrases that tell what a line is by themselves, whatever stands around them."""

import re

_SERVICES = (
    r"facebook|twitter|whatsapp|reddit|linkedin|telegram|pinterest|instagram|youtube|tumblr|messenger|flipboard"
    r"|e-?mail|print|x|threads|bluesky|mastodon|sms|pocket|copy|link|copied|xing|vk|weibo|viber"
)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_NAME = rf"{_CAPITAL}[\w.'’-]+(?: (?:de |van |von |al |el |bin )?{_CAPITAL}[\w.'’-]+){{1,3}}"
_NAMES = rf"{_NAME}(?:(?:, ?| and | und | et | y | e | en | och | og | & | i | и | ve ){_NAME}){{0,5}}"

type _Kind = tuple[str, tuple[str, ...]]
"""The name of a kind of phrase and its forms; a form is a pattern that the whole line matches, in lower case."""

_CERTAIN: tuple[_Kind, ...] = (
    (
        "advertisement",
        (
            r"\W*(?:advertisements?(?: \d+)?|sponsored(?: content)?|promoted content|paid content|advert)\W*",
            r"\W*\[ad_\d+\]\W*",
            r"\W*(?:story|article) continues (?:below|after).{0,40}\W*",
            r"\W*(?:scroll (?:down )?to continue.{0,40}|continue reading below|ad feedback|ads by .{1,30})\W*",
            r"\W*(?:anzeige|werbung|publicité|publicidad|publicidade|pubblicità|advertentie|reklama?|реклама)\W*",
            r"\W*(?:إعلان|إعلانات|广告|廣告|広告|광고)\W*",
        ),
    ),
    (
        "share bar",
        (
            (
                rf"\W*(?:(?:re)?tweet|share|like|pin it|save|{_SERVICES}|share this(?: (?:article|story|page|post|on))?"
                r"|follow us|follow|close button)"
                rf"(?:\W+(?:{_SERVICES}|on|via|to|by|this|article|story|post|comments?|close|button|share|tweet|save|\d+))*"
                r"\W*"
            ),
            (
                r"\W*(?:(?:artikel )?teilen|drucken|merken|partager(?: (?:sur|cet article).{0,30})?|imprimer"
                r"|enregistrer|compartir(?: (?:en|esto).{0,30})?"
                r"|imprimir|guardar|compartilhar|condividi|delen|deel|udostępnij"
                rf"|paylaş|поделиться(?: .{{0,30}})?)(?:\W+(?:{_SERVICES}|per|auf|sur|en|par|в))*\W*"
            ),
            r"\W*(?:شارك|مشاركة|分享(?:到.{0,10})?|シェア|공유)\W*",
        ),
    ),
    (
        "embed box",
        (r"copy/?paste the .{0,60}embed.*", r"copy (?:link )?to clipboard.*", r"embed(?: (?:code|video))?"),
    ),
    (
        "navigation",
        (
            (
                r"(?:go|skip|jump|back) to .{0,30}"
                r"(?:shortcuts|content|navigation|menu|top|main|search|footer|homepage)"
            ),
            r"loader|loading\W*|(?:main )?menu|search|home ?page|home|log ?in|sign ?in|log ?out|register|close|next",
            r"previous|prev|newsletters?|subscribe|sign up|top of page|show more|load more|view all|see all",
            r"toggle .{0,30}",
            r"startseite|menü|suche|anmelden|abmelden|zum (?:inhalt|hauptinhalt) springen|schließen|mehr anzeigen",
            r"accueil|rechercher|connexion|se connecter|s['’]abonner|fermer|aller au contenu(?: principal)?|voir plus",
            r"inicio|menú|buscar|iniciar sesión|suscríbete|suscribirse|cerrar|saltar al contenido|ver más",
            r"главная|меню|поиск|войти|подписаться|закрыть|показать ещё",
            r"الرئيسية|القائمة|بحث|تسجيل الدخول|首页|首頁|登录|登入|搜索|搜尋|菜单",
        ),
    ),
    ("source link", (r"(?:source|original) (?:link|article|url)\W*",)),
    (
        "picture control",
        (
            r"(?:click|tap) (?:here )?(?:to|on .{0,20} to) (?:see|view|enlarge|zoom|expand).{0,40}",
            r"(?:view|open|enlarge|see full.size) (?:this )?(?:image|photo|gallery).{0,20}",
            r"image (?:\d+ )?of \d+|hide caption|toggle caption|view \d+ photos",
        ),
    ),
    (
        "comment form",
        (
            r"leave (?:a|your) (?:reply|comment)\W*(?:cancel reply)?",
            r"your e-?mail address will not be published\..{0,60}|required fields are marked\W*",
            r"(?:post|add|write) (?:a |your )?comment\W*",
            r"(?:view |show |see )?(?:all )?\(?\d*\)? ?comments?(?: ?\(?\d+\)?)?",
            r"join the (?:conversation|discussion)\W*|be the first to comment\W*",
            r"save my name, e-?mail.{0,100}|notify me of .{0,80}",
            r"\d* ?kommentare?(?: \(?\d+\)?)?|kommentar (?:schreiben|verfassen)",
            r"\d* ?commentaires?|laisser un commentaire",
            r"\d* ?comentarios?|deja (?:un|tu) comentario|комментари[ийя]\W*\d*",
            r"оставить комментарий|评论|留言|اترك تعليقا?",
        ),
    ),
    (
        "donation box",
        (
            r"[\d.,]+ ?[$€£]|[$€£] ?[\d.,]+",
            r"(?:donate|support us)(?: now)?\W*",
            r"do you like this (?:content|article)\?.{0,60}",
        ),
    ),
    (
        "related",
        (
            r"check also\W*|(?:read|see|watch) (?:more|next|also)\W*|also read\W*|see also\W*|up next\W*",
            r"related(?: (?:articles?|stories|story|posts?|news|topics|content|coverage|items|links|tags))?\W*",
            r"you (?:may|might) (?:also )?(?:like|be interested in|enjoy).{0,20}",
            r"recommended(?: (?:for you|stories|articles|reading))?\W*|trending(?: now| stories)?\W*",
            r"(?:more|most) (?:from .{1,40}|popular|read|viewed|stories|news|recent)\W*",
            r"latest(?: (?:news|stories|articles|posts))?\W*",
            r"editor['’]?s['’]? picks?\W*|don['’]t miss\W*|what to read next\W*|people are also reading\W*",
            r"mehr zum thema\W*|lesen sie (?:auch|mehr)\W*|das könnte sie auch interessieren\W*|meistgelesen\W*",
            r"(?:à )?lire (?:aussi|également|la suite)\W*|sur le même sujet\W*|articles? (?:liés|similaires)\W*",
            r"(?:lea|lee|leer|vea) (?:también|más)\W*|te puede interesar\W*|(?:noticias|artículos) relacionad[oa]s\W*",
            r"leia (?:também|mais)\W*|leggi anche\W*|lees ook\W*|czytaj (?:też|także)\W*",
            r"читайте также\W*|материалы по теме\W*",
            r"اقرأ أيضا?ً?\W*|مواضيع ذات صلة\W*|相关(?:阅读|新闻|文章)\W*|相關(?:新聞|文章)\W*",
            r"関連記事\W*|관련 ?기사\W*|ilgili haberler\W*|bunlar da ilginizi çekebilir\W*",
            r"(?:यह|ये) भी पढ़ें\W*|संबंधित ख़?बरें\W*|یہ بھی پڑھیں\W*|متعلقہ خبریں\W*|ข่าวที่เกี่ยวข้อง\W*",
        ),
    ),
    (
        "related link",
        (
            (
                r"(?:read|see|also read|watch|related|more|must read|recommended)(?: (?:more|also|next|here))?\s*[:|»>]"
                r".{3,200}"
            ),
            (
                r"(?:lesen sie (?:auch|mehr)|mehr zum thema|(?:à )?lire aussi|(?:lea|lee) también"
                r"|читайте также)\s*[:|»>].{3,200}"
            ),
        ),
    ),
    (
        "copyright",
        (
            r"(?:©|copyright\b|\(c\) ?\d{4}).{0,160}",
            (
                r"(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados"
                r"|todos os direitos reservados|tutti i diritti riservati|alle rechten voorbehouden|все права защищены"
                r"|wszelkie prawa zastrzeżone|tüm hakları saklıdır|جميع الحقوق محفوظة|جملہ حقوق محفوظ|सर्वाधिकार सुरक्षित"
                r"|สงวนลิขสิทธิ์|版权所有|版權所有|無断転載|무단 ?전재).{0,60}"
                r"|.{0,30}(?:저작권자|무단 ?전재).{0,40}(?:금지|reserved).{0,10}"
            ),
        ),
    ),
    (
        "script residue",
        (
            r"window\.\w+\s?=.*|\(?function ?\w*\(.{0,80}\) ?\{.*|document\.\w+\(.*|googletag\..*",
            r"var \w+ ?=.*[;{\[]|\{\s?\"@context\".*|\w+ = window\.\w+ \|\|.*",
        ),
    ),
)
_LIKELY: tuple[_Kind, ...] = (
    (
        "newsletter",
        (
            r"(?:sign up|subscribe|register) (?:for|to|now|here).{0,120}",
            r"(?:newsletter|jetzt) (?:abonnieren|anmelden)\W*|abonnez-vous.{0,80}",
            r"suscríbete .{0,80}|подпишитесь .{0,80}",
        ),
    ),
    (
        "cookie notice",
        (
            r"accept (?:all )?cookies",
            r"(?:alle )?cookies akzeptieren|accepter (?:les |tous les )?cookies|aceptar cookies",
        ),
    ),
    (
        "credit",
        (
            (
                r"(?:photo|image|picture|credit|source|photograph|illustration|video|foto|bild|quelle|crédit|фото)s?"
                r"(?: (?:by|credit|courtesy|source|via))?\s*[:/|].{2,80}"
            ),
        ),
    ),
    (
        "tags",
        (r"(?:tags?|topics?|filed under|categor(?:y|ies)|keywords?|schlagworte|themen|mots-clés|etiquetas|теги)\s*:?",),
    ),
    (
        "talk",
        (
            r"(?:reply|report|flag|quote|permalink|(?:log|sign) ?in to reply|upvote|downvote)\W*",
            r"\d+ (?:replies|likes|points?|votes?)\W*",
        ),
    ),
    (
        "player",
        (
            r"(?:play|pause|mute|unmute|listen|watch|fullscreen|now playing|watch now)\W*",
            r"listen to (?:this )?article.{0,30}",
            r"(?:artikel|beitrag) (?:anhören|hören|vorlesen)\W*|(?:écouter|lire) (?:l['’]article|cet article)\W*",
            r"escuchar(?: (?:el|este) (?:artículo|noticia))?\W*|ouvir (?:o |este )?(?:artigo|notícia)\W*",
            r"ascolta (?:l['’]articolo|questo articolo)\W*|слушать\W*",
        ),
    ),
)
_HOLDING = (
    ("donation box", "consider", r".{0,60}\bconsider (?:helping|supporting|donating to) us\b.{0,20}"),
    ("copyright", "rights reserved", r".{0,80}\ball rights reserved.{0,80}"),
    ("newsletter", "inbox", r"(?:(?:get|receive) .{0,80}|.{0,80}\bdelivered (?:straight )?to your )inbox\b.{0,60}"),
    ("newsletter", "newsletter", r"(?:get|receive) .{0,80}\bnewsletters?\b.{0,60}"),
    (
        "cookie notice",
        "cookies",
        r".{0,160}\bcookies\b.{0,160}\b(?:accept|agree|settings|policy|preferences|browser|website|site)\b.{0,200}",
    ),
    ("credit", "getty", r".{0,60}\bgetty images\b.{0,40}"),
    ("credit", "shutterstock", r".{0,60}\bshutterstock\b.{0,40}"),
    ("credit", "photo", r".{0,60}\b(?:afp|ap) photo\b.{0,40}"),
    ("credit", "via reuters", r".{0,60}\bvia reuters\b.{0,40}"),
)
"""Kind, a word that the line holds, and the form: these would have to be sought from every character of a line on."""

_AUTHOR_BOX = re.compile(rf"About (?:the [Aa]uthors?|{_NAME})\W*")
_BYLINE = re.compile(
    rf"(?:written |reported |posted |words |story |edited )?[Bb][Yy]:?\s+(?:{_NAME}|[A-Z][\w.'’ ,&|/-]{{2,70}})"
    r"|BY:?\s+[A-Z .,&'’-]{4,60}"
    rf"|(?:Von|VON|Par|PAR|Por|POR|Di|Door|Av|Af|Автор:?|Autor:|Autorin:|Auteur ?:) {_NAMES}"
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATELINE = re.compile(
    r"(?:(?:first )?(?:published|updated|posted|last (?:updated|modified|edited)|date|modified|created)"
    r"(?: (?:on|at|:))?\W*)?"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?|(?:mon|tue|wed|thu|fri|sat|sun)[.,]?)?\W*"
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? \d{{2,4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"
    r"(?:\W*(?:at|@|t)?\W*\d{1,2}[:.]\d\d(?:[:.]\d\d)?)?(?:\W*[ap]\.?m\.?)?(?:\W*[a-z]{1,4})?(?:\W.{0,40})?"
    r"|(?:published|updated|posted)(?: (?:on|at))?\W*"
    r"|(?:(?:published|updated|posted)(?: on)?\W*)?"
    r"(?:\d+|an?) ?(?:min(?:ute)?s?|h|hours?|days?|weeks?|months?|years?) (?:ago|read)"
)
_COMPILED = tuple((name, re.compile("|".join(forms))) for name, forms in (*_CERTAIN, *_LIKELY))
_ANY = re.compile("|".join(form for _, forms in (*_CERTAIN, *_LIKELY) for form in forms))
"""All of them at once: most lines are none, and are known for it in one step."""

_SOUGHT = tuple((name, word, re.compile(form)) for name, word, form in _HOLDING)

BYLINE_PHRASES = frozenset({"byline", "dateline"})
CERTAIN_PHRASES = frozenset({"author box", *(name for name, _ in _CERTAIN)})
"""Phrases that are never a sentence of an article; the others are evidence that the model weighs."""

_LONGEST = 400
"""Characters of the longest line that is a phrase; from 120 on it is none of an author's, a date's or a tag's."""


def phrase_of(line: str) -> str | None:
    """The kind of phrase that the whole line is; None for most lines. White space in ``line`` is folded."""
    if len(line) > _LONGEST:
        return None
    lowered = line.lower()
    if _ANY.fullmatch(lowered):
        return next(name for name, pattern in _COMPILED if pattern.fullmatch(lowered))
    for name, word, pattern in _SOUGHT:
        if word in lowered and pattern.fullmatch(lowered):
            return name
    if len(line) > 120:
        return None
    if line.startswith("About ") and _AUTHOR_BOX.fullmatch(line):
        return "author box"
    if _BYLINE.fullmatch(line):
        return "byline"
    return "dateline" if _DATELINE.fullmatch(lowered) else None
