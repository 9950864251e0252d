-- What do articles name as their sources: which pages and documents are linked to by several outlets?
SELECT
    l.canonical_url AS linked,
    l.kind,
    count(DISTINCT coalesce(a.hostname, a.source)) AS outlets,
    count(DISTINCT a.article_id) AS articles,
    min(a.logical_date) AS first_linked,
    any_value(t.title) AS title_in_the_lake
FROM links l
JOIN articles a ON a.article_id = l.article_id AND a.logical_date = l.logical_date
LEFT JOIN (SELECT article_id, min_by(title, logical_date) AS title FROM articles GROUP BY article_id) t
    ON t.article_id = l.target_article_id
WHERE l.kind IN ('external', 'document', 'social') AND l.canonical_url IS NOT NULL
GROUP BY l.canonical_url, l.kind
HAVING count(DISTINCT a.article_id) > 1
ORDER BY outlets DESC, articles DESC, linked
LIMIT 100
