-- Which stories did agencies move under which slug: how many items and versions, from when to when, how urgent?
SELECT
    coalesce(publisher, source) AS agency,
    slug,
    count(DISTINCT article_id) AS items,
    count(*) AS versions,
    min(urgency) AS most_urgent,
    min(published_at) AS first_published_at,
    max(coalesce(modified_at, published_at)) AS last_changed_at
FROM articles
WHERE slug IS NOT NULL
GROUP BY agency, slug
ORDER BY items DESC, first_published_at, agency, slug
LIMIT 100
