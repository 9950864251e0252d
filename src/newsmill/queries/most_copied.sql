-- Which articles were copied most, and by how many other sources?
SELECT
    any_value(a.title) AS title,
    coalesce(any_value(a.hostname), any_value(a.source)) AS outlet,
    a.logical_date AS first_date,
    count(*) AS copies,
    count(DISTINCT d.source) FILTER (d.source <> a.source) AS other_sources,
    list_sort(list_distinct(list(d.method))) AS methods
FROM duplicates d
JOIN articles a ON a.article_id = d.duplicate_of AND a.logical_date = d.duplicate_of_date
GROUP BY a.article_id, a.logical_date
ORDER BY copies DESC, other_sources DESC, a.article_id
LIMIT 100
