-- Which lines were cut as furniture of their host, from how many articles, and since when?
WITH cut AS (
    SELECT hostname, article_id, logical_date, unnest(furniture).text AS line
    FROM articles
    WHERE furniture IS NOT NULL
)
SELECT
    hostname,
    line,
    count(DISTINCT article_id) AS articles,
    min(logical_date) AS first_date,
    max(logical_date) AS last_date
FROM cut
GROUP BY hostname, line
ORDER BY articles DESC, hostname, line
LIMIT 100
