-- What kinds of sources does each outlet quote: people, people without a name, bodies, documents, crowds?
SELECT
    coalesce(a.hostname, a.source) AS outlet,
    count(*) AS quotes,
    round(avg(CAST(q.speaker_kind = 'person' AS INTEGER)), 3) AS person_share,
    round(avg(CAST(q.speaker_kind = 'unnamed' AS INTEGER)), 3) AS unnamed_share,
    round(avg(CAST(q.speaker_kind = 'body' AS INTEGER)), 3) AS body_share,
    round(avg(CAST(q.speaker_kind = 'document' AS INTEGER)), 3) AS document_share,
    round(avg(CAST(q.speaker_kind = 'crowd' AS INTEGER)), 3) AS crowd_share
FROM quotes q
JOIN articles a ON a.article_id = q.article_id AND a.logical_date = q.logical_date
WHERE q.speaker_kind IS NOT NULL
GROUP BY outlet
ORDER BY unnamed_share DESC, quotes DESC, outlet
