-- Which subjects do agencies and archives give their articles, by scheme, in how many articles of how many publishers?
SELECT
    topic.scheme AS scheme,
    topic.code AS code,
    any_value(topic.name ORDER BY topic.name) AS name,
    count(DISTINCT article_id) AS articles,
    count(DISTINCT coalesce(publisher, hostname, source)) AS publishers
FROM (SELECT article_id, publisher, hostname, source, unnest(topics) AS topic FROM articles)
GROUP BY topic.scheme, topic.code, CASE WHEN topic.code IS NULL THEN topic.name END
ORDER BY articles DESC, scheme, code, name
LIMIT 100
