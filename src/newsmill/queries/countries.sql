-- Which countries are written about, by date: in how many articles are they, their places or their people named?
SELECT logical_date, country_code, count(DISTINCT article_id) AS articles, count(*) AS mentions
FROM entities
WHERE country_code IS NOT NULL
GROUP BY logical_date, country_code
ORDER BY logical_date, articles DESC, mentions DESC, country_code
