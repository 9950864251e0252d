-- Who is quoted through whom: which bodies and documents speak for the people whom the same article names beside them?
SELECT
    q.speaker_text AS source,
    q.speaker_kind AS source_kind,
    count(DISTINCT (q.article_id, q.quote_index)) AS quotes,
    count(DISTINCT q.article_id) AS articles,
    mode(p.speaker_name) AS most_named_beside
FROM quotes q
LEFT JOIN quotes p ON p.article_id = q.article_id AND p.logical_date = q.logical_date AND p.speaker_kind = 'person'
WHERE q.speaker_kind IN ('body', 'document')
GROUP BY source, source_kind
ORDER BY articles DESC, quotes DESC, source
LIMIT 100
