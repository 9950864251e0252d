-- What share of each outlet's text stands in quotation marks, and how many different people does it quote?
WITH quoted AS (
    SELECT logical_date, article_id, sum(length(text)) AS characters FROM quotes GROUP BY logical_date, article_id
),
outlets AS (
    SELECT
        coalesce(hostname, source) AS outlet,
        count(*) AS articles,
        round(sum(coalesce(characters, 0)) / sum(length(text)), 3) AS quoted_share
    FROM articles
    LEFT JOIN quoted USING (logical_date, article_id)
    GROUP BY outlet
),
spoken AS (
    SELECT
        logical_date,
        article_id,
        unnest(coalesce(list_transform(speakers, lambda s: s.name), [speaker_name])) AS speaker_name
    FROM quotes
),
speakers AS (
    SELECT coalesce(a.hostname, a.source) AS outlet, count(DISTINCT q.speaker_name) AS speakers
    FROM spoken q
    JOIN articles a USING (logical_date, article_id)
    GROUP BY outlet
)
SELECT outlet, articles, quoted_share, coalesce(speakers, 0) AS speakers
FROM outlets
LEFT JOIN speakers USING (outlet)
ORDER BY quoted_share DESC, outlet
