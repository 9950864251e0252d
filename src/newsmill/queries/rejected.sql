-- Why were inputs rejected, by date and stage, and what is an example?
SELECT
    logical_date,
    stage,
    reason,
    count(*) AS inputs,
    round(count(*) / any_value(r.read_count), 3) AS share_of_inputs,
    min(detail) AS example
FROM rejections
JOIN runs r USING (logical_date)
GROUP BY logical_date, stage, reason
ORDER BY logical_date, inputs DESC, stage, reason
