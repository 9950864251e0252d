-- Which outlet links to which, how often, and with what words?
SELECT
    coalesce(a.hostname, a.source) AS outlet,
    l.host AS links_to,
    count(*) AS links,
    count(DISTINCT a.article_id) AS articles,
    min(l.text) AS example
FROM links l
JOIN articles a ON a.article_id = l.article_id AND a.logical_date = l.logical_date
WHERE l.kind = 'external'
GROUP BY outlet, l.host
ORDER BY links DESC, outlet, l.host
LIMIT 200
