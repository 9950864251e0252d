-- Which events did several articles tell of: who told first and with what headline, how long, which people and places?
WITH told AS (
    SELECT
        *,
        coalesce(hostname, source) AS outlet,
        coalesce(published_at, CAST(logical_date AS TIMESTAMP) AT TIME ZONE 'UTC') AS at
    FROM articles
    WHERE story_id IS NOT NULL
),
named AS (
    SELECT
        t.story_id,
        e.label = 'PERSON' AS is_person,
        mode(e.entity_name) AS name,
        count(DISTINCT e.article_id) AS articles
    FROM entities e
    JOIN told t ON t.article_id = e.article_id AND t.logical_date = e.logical_date
    WHERE e.label = 'PERSON' OR e.geoname_id IS NOT NULL
    GROUP BY t.story_id, is_person, coalesce(CAST(e.geoname_id AS VARCHAR), e.entity_id)
),
names AS (
    SELECT
        story_id,
        list(name ORDER BY articles DESC, name) FILTER (is_person) AS persons,
        list(name ORDER BY articles DESC, name) FILTER (NOT is_person) AS places
    FROM named
    GROUP BY story_id
)
SELECT
    t.story_id,
    min_by(t.title, (t.logical_date, t.at, t.article_id)) AS headline,
    min_by(t.outlet, (t.logical_date, t.at, t.article_id)) AS first_outlet,
    min(t.logical_date) AS first_date,
    max(t.logical_date) - min(t.logical_date) + 1 AS days,
    count(*) AS articles,
    count(DISTINCT t.outlet) AS outlets,
    any_value(n.persons)[:3] AS persons,
    any_value(n.places)[:3] AS places
FROM told t
LEFT JOIN names n USING (story_id)
GROUP BY t.story_id
HAVING count(*) > 1
ORDER BY articles DESC, outlets DESC, first_date, t.story_id
LIMIT 100
