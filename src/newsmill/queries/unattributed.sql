-- How many of each outlet's quotations have no speaker, and what was the commonest reason?
SELECT
    coalesce(a.hostname, a.source) AS outlet,
    count(*) AS quotes,
    count(*) FILTER (speaker_name IS NULL) AS without_speaker,
    round(count(*) FILTER (speaker_name IS NULL) / count(*), 3) AS share,
    mode(method ORDER BY method) FILTER (speaker_name IS NULL) AS commonest_method
FROM quotes q
JOIN articles a USING (logical_date, article_id)
GROUP BY outlet
ORDER BY share DESC, quotes DESC, outlet
