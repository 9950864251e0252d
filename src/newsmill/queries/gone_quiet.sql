-- Which sources went quiet: had articles in the 28 dates before, and none in the last three dates of the lake?
WITH latest AS (SELECT max(logical_date) AS day FROM articles)
SELECT
    source,
    max(logical_date) AS last_seen,
    (SELECT day FROM latest) - max(logical_date) AS days_silent,
    count(*) FILTER (logical_date > (SELECT day FROM latest) - 31) AS articles_before
FROM articles
GROUP BY source
HAVING max(logical_date) <= (SELECT day FROM latest) - 3
   AND max(logical_date) > (SELECT day FROM latest) - 31
ORDER BY articles_before DESC, source
