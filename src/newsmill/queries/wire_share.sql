-- What share of each outlet's articles is agency copy? Articles that were not examined for it are left out.
SELECT
    coalesce(hostname, source) AS outlet,
    count(*) AS articles,
    count(*) FILTER (is_wire) AS wire_articles,
    round(count(*) FILTER (is_wire) / count(*), 3) AS wire_share
FROM articles
WHERE is_wire IS NOT NULL
GROUP BY outlet
ORDER BY wire_share DESC, articles DESC, outlet
