-- Which two people or organisations are named in the same articles most often, in the last 28 dates of the lake?
WITH named AS (
    SELECT DISTINCT logical_date, article_id, entity_id
    FROM entities
    WHERE label IN ('PERSON', 'ORG') AND logical_date > (SELECT max(logical_date) FROM articles) - 28
),
names AS (
    SELECT entity_id, min_by(entity_name, (-length(entity_name), entity_name)) AS name FROM entities GROUP BY entity_id
)
SELECT least(a.name, b.name) AS one, greatest(a.name, b.name) AS other, count(*) AS articles
FROM named x
JOIN named y ON x.logical_date = y.logical_date AND x.article_id = y.article_id AND x.entity_id < y.entity_id
JOIN names a ON a.entity_id = x.entity_id
JOIN names b ON b.entity_id = y.entity_id
GROUP BY x.entity_id, y.entity_id, a.name, b.name
ORDER BY articles DESC, one, other
LIMIT 100
