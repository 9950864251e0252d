-- Which people are named for the first time in the last seven dates of the lake?
SELECT
    min_by(entity_name, (logical_date, article_id, mention_index)) AS name,
    min(logical_date) AS first_date,
    count(*) AS mentions,
    count(DISTINCT article_id) AS articles
FROM entities
WHERE label = 'PERSON'
GROUP BY entity_id
HAVING min(logical_date) > (SELECT max(logical_date) FROM articles) - 7
ORDER BY articles DESC, mentions DESC, name
LIMIT 100
