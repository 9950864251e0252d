-- How much landed each date: inputs, articles, words, duplicates, rejections, quotations and the share with a speaker?
WITH words AS (SELECT logical_date, sum(word_count) AS words FROM articles GROUP BY logical_date)
SELECT
    logical_date,
    read_count AS inputs,
    article_count AS articles,
    coalesce(words, 0) AS words,
    duplicate_count AS duplicates,
    rejection_count AS rejections,
    quote_count AS quotes,
    round(attributed_count / nullif(quote_count, 0), 3) AS attributed_share
FROM runs
LEFT JOIN words USING (logical_date)
ORDER BY logical_date
