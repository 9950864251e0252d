-- Who was quoted most in the last seven dates of the lake, in how many articles and by how many outlets?
-- Each of several who said something together counts. People are told apart by their identity, not by their spelling.
WITH spoken AS (
    SELECT
        logical_date,
        article_id,
        unnest(coalesce(
            list_transform(speakers, lambda s: {'name': s.name, 'id': s.entity_id}),
            [{'name': speaker_name, 'id': speaker_entity_id}]
        )) AS speaker
    FROM quotes
)
SELECT
    mode(speaker.name) AS speaker_name,
    count(*) AS quotes,
    count(DISTINCT article_id) AS articles,
    count(DISTINCT coalesce(a.hostname, a.source)) AS outlets
FROM spoken q
JOIN articles a USING (logical_date, article_id)
WHERE q.logical_date > (SELECT max(logical_date) FROM articles) - 7
  AND speaker.name IS NOT NULL
GROUP BY coalesce(speaker.id, speaker.name)
ORDER BY quotes DESC, articles DESC, speaker_name
LIMIT 50
