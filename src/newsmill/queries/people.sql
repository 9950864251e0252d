-- Who was quoted on which day by which outlet, and which names in the texts were taken for that one person?
WITH names AS (
    SELECT logical_date, article_id, entity_id, list(DISTINCT text) AS names
    FROM entities
    GROUP BY logical_date, article_id, entity_id
)
SELECT
    q.speaker_name AS person,
    coalesce(a.hostname, a.source) AS outlet,
    q.logical_date AS day,
    count(*) AS quotes,
    count(DISTINCT q.article_id) AS articles,
    array_to_string(list_sort(list_distinct(flatten(list(coalesce(n.names, []))))), ', ') AS named_as,
    q.speaker_entity_id AS entity_id,
    q.speaker_authority_id AS authority_id
FROM quotes q
JOIN articles a USING (logical_date, article_id)
LEFT JOIN names n
    ON n.logical_date = q.logical_date AND n.article_id = q.article_id AND n.entity_id = q.speaker_entity_id
WHERE q.speaker_name IS NOT NULL
GROUP BY q.speaker_entity_id, q.speaker_authority_id, q.speaker_name, outlet, day
ORDER BY quotes DESC, person, outlet, day, authority_id
