-- How were quotations shortened: which outlets carried less of one than the longest form of it, and how much?
-- What else they changed shows in the two forms; indirect speech is left out.
WITH forms AS (
    SELECT
        q.quote_id,
        q.text,
        length(regexp_split_to_array(trim(q.text), '\s+')) AS words,
        q.speaker_name,
        coalesce(a.hostname, a.source) AS outlet,
        a.published_at,
        a.article_id
    FROM quotes q
    JOIN articles a USING (logical_date, article_id)
    WHERE q.kind <> 'indirect'
),
longest AS (
    SELECT
        quote_id,
        max(words) AS words,
        min_by(text, (-words, published_at, article_id)) AS quotation,
        min_by(outlet, (-words, published_at, article_id)) AS outlet,
        min_by(speaker_name, (-words, published_at, article_id)) AS speaker_name
    FROM forms
    GROUP BY quote_id
)
SELECT
    l.quotation,
    l.speaker_name,
    l.outlet AS outlet_of_the_longest,
    f.text AS shortened,
    f.outlet,
    f.published_at,
    round(f.words / l.words, 2) AS part_of_the_words
FROM forms f
JOIN longest l USING (quote_id)
WHERE f.words < l.words
ORDER BY l.words - f.words DESC, l.quotation, f.published_at, f.article_id
LIMIT 100
