import Bytes
import HTTPServer
import Model
import Store
import Wording

/// History as JSON.
struct SeriesPage {
  let answer: SeriesAnswer
  let metric: SeriesMetric
  let percentiles: [Percentile]

  private var question: SeriesQuestion { answer.question }

  var response: Response {
    var writer = JSONWriter(capacity: 512 + answer.series.count * question.points * 64)
    writer.object {
      $0.member("metric", metric.rawValue)
      $0.member("unit", metric.unit)
      $0.member("since", question.since)
      $0.member("until", question.until.text)
      $0.member("step", DurationText.show(question.step))
      $0.member("group_by", question.grouping?.rawValue)
      $0.key("series")
      $0.array(answer.series) { write($1, &$0) }
      $0.member("partial", flag: answer.isPartial)
      $0.member("as_of", answer.asOf)
    }
    return .json(writer.bytes)
  }

  private func write(_ series: Series, _ writer: inout JSONWriter) {
    writer.object {
      $0.member("from_agent", series.fromAgent)
      $0.member("to_agent", series.toAgent)
      $0.key("points")
      $0.array(0..<question.points) { writer, point in
        write(series.points[point] ?? SeriesFigures(), at: question.moment(of: point), &writer)
      }
    }
  }

  private func write(_ figures: SeriesFigures, at moment: Timestamp, _ writer: inout JSONWriter) {
    writer.object {
      $0.member("at", moment.text)
      $0.member("value", moment <= question.now ? metric.value(figures) : nil)
      if let measure = metric.measure { members(of: figures, measure, &$0) }
    }
  }

  private func members(of figures: SeriesFigures, _ measure: SeriesMeasure, _ writer: inout JSONWriter) {
    writer.member("count", figures.count(measure))
    writer.member("total", figures.total(measure))
    writer.member("average", figures.average(measure))
    for (name, share) in [("min", 0), ("max", 1), ("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
      writer.member(name, figures.quantile(share, measure))
    }
    for percentile in percentiles where !["50", "95", "99"].contains(percentile.text) {
      writer.member("p" + percentile.text, figures.quantile(percentile.share, measure))
    }
  }
}
