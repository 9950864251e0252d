-- Which outlet first carried a quotation that several outlets have, in however many forms, by the stated time?
-- Articles that state no time are left out.
WITH carried AS (
    SELECT
        q.quote_id,
        coalesce(q.words_hash, q.quote_id) AS words_hash,
        q.text,
        q.speaker_name,
        coalesce(a.hostname, a.source) AS outlet,
        a.published_at,
        a.article_id
    FROM quotes q
    JOIN articles a USING (logical_date, article_id)
    WHERE a.published_at IS NOT NULL
)
SELECT
    min_by(text, (published_at, article_id)) AS quotation,
    min_by(speaker_name, (published_at, article_id)) AS speaker_name,
    min_by(outlet, (published_at, article_id)) AS first_outlet,
    min(published_at) AS first_published_at,
    count(DISTINCT outlet) AS outlets,
    count(DISTINCT words_hash) AS forms,
    date_diff('minute', min(published_at), max(published_at)) AS minutes_to_the_last
FROM carried
GROUP BY quote_id
HAVING count(DISTINCT outlet) > 1
ORDER BY outlets DESC, first_published_at, quotation
LIMIT 100
