-- What does each newspaper have in which section: how many articles, of what length, how many of them on page one?
SELECT
    coalesce(publisher, hostname, source) AS newspaper,
    section,
    count(*) AS articles,
    CAST(round(avg(word_count)) AS INTEGER) AS mean_words,
    count(*) FILTER (regexp_matches(page, '^[A-Z]{0,2}-?0*1$')) AS on_page_one
FROM articles
WHERE section IS NOT NULL
GROUP BY newspaper, section
ORDER BY newspaper, articles DESC, section
