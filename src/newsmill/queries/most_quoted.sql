-- Who was quoted most in the last seven dates of the lake, in how many articles and by how many outlets?
-- Each of several who said something together counts.
WITH spoken AS (
    SELECT
        logical_date,
        article_id,
        unnest(coalesce(list_transform(speakers, lambda s: s.name), [speaker_name])) AS speaker_name
    FROM quotes
)
SELECT
    speaker_name,
    count(*) AS quotes,
    count(DISTINCT article_id) AS articles,
    count(DISTINCT coalesce(a.hostname, a.source)) AS outlets
FROM spoken q
JOIN articles a USING (logical_date, article_id)
WHERE q.logical_date > (SELECT max(logical_date) FROM articles) - 7
  AND speaker_name IS NOT NULL
GROUP BY speaker_name
ORDER BY quotes DESC, articles DESC, speaker_name
LIMIT 50
