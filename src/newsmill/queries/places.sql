-- Which places does the news name, where are they on a map, and how many articles and outlets name each?
SELECT
    e.geoname_id,
    mode(e.entity_name) AS place,
    any_value(e.place_kind) AS kind,
    any_value(e.admin1) AS admin1,
    any_value(e.country_code) AS country_code,
    any_value(e.latitude) AS latitude,
    any_value(e.longitude) AS longitude,
    count(DISTINCT e.article_id) AS articles,
    count(DISTINCT coalesce(a.hostname, a.source)) AS outlets
FROM entities e
JOIN articles a ON a.article_id = e.article_id AND a.logical_date = e.logical_date
WHERE e.geoname_id IS NOT NULL AND e.label IN ('GPE', 'LOC')
GROUP BY e.geoname_id
ORDER BY articles DESC, e.geoname_id
LIMIT 1000
