-- Which sites do articles link to most, how many outlets do, and how many of the pages does the lake hold?
SELECT
    l.domain,
    count(*) AS links,
    count(DISTINCT l.article_id) AS articles,
    count(DISTINCT coalesce(a.hostname, a.source)) AS outlets,
    count(DISTINCT l.target_article_id) FILTER (l.target_article_id IN (SELECT article_id FROM articles)) AS articles_held
FROM links l
JOIN articles a ON a.article_id = l.article_id AND a.logical_date = l.logical_date
WHERE l.kind NOT IN ('internal', 'self')
GROUP BY l.domain
ORDER BY links DESC, l.domain
LIMIT 100
