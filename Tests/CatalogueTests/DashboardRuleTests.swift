import Catalogue
import Exposition
import Testing

/// The rules that Grafana's dashboard linter sets, and some of our own.
@Suite struct DashboardRuleTests {
  /// Units of ours that Grafana knows.
  private static let units: Set<String> = [
    "none", "short", "percentunit", "s", "bytes", "Bps", "cps", "ops", "reqps", "bool_yes_no",
  ]

  @Test(arguments: Dashboard.all) func `the data source is a variable, and everything uses it`(
    dashboard: Dashboard
  ) throws {
    let variable = try #require(dashboard.variables.first)
    #expect(variable.type == "datasource")
    #expect(variable.query == "prometheus")
    #expect(variable.name == "datasource")
    #expect(variable.label == "Data source")
    for panel in dashboard.panels {
      #expect(panel.dataSource == "${datasource}", "\(panel.title)")
      #expect(panel.targets.allSatisfy { $0.dataSource == "${datasource}" }, "\(panel.title)")
    }
  }

  @Test(arguments: Dashboard.all, [("job", "Job"), ("instance", "Instance")])
  func `job and instance are variables`(dashboard: Dashboard, names: (name: String, label: String)) throws {
    let variable = try #require(dashboard.variables.first { $0.name == names.name })
    #expect(variable.label == names.label)
    #expect(variable.type == "query")
    #expect(variable.dataSource == "${datasource}")
    #expect(variable.isMulti)
    #expect(variable.allValue == ".+")
  }

  @Test(arguments: Dashboard.all)
  func `variables are label values of the catalogue, read again as time moves`(dashboard: Dashboard) throws {
    for variable in dashboard.variables where variable.type == "query" {
      #expect(variable.refresh == 2)
      let query = try #require(
        variable.query.wholeMatch(of: /label_values\(([a-z_]+)(?:\{[^}]*\})?, ([a-z_]+)\)/))
      let definition = Catalogue.definitions.first { $0.heading.sampleName == query.output.1 }
      let labels = definition.map { $0.labels.map(\.name) + ["job", "instance"] }
      #expect(labels?.contains(String(query.output.2)) == true, "\(variable.query)")
    }
  }

  @Test(arguments: Dashboard.all) func `every panel says what it shows, and in what unit`(
    dashboard: Dashboard
  ) {
    for panel in dashboard.panels {
      #expect(!panel.title.isEmpty)
      #expect(panel.description.hasSuffix("."), "\(panel.title)")
      #expect(Self.units.contains(panel.unit), "\(panel.title): \(panel.unit)")
      #expect(!panel.targets.isEmpty, "\(panel.title)")
      #expect(Set(panel.targets.map(\.refID)).count == panel.targets.count, "\(panel.title)")
    }
  }

  @Test(arguments: Dashboard.all) func `every selector asks for the job and the instance`(
    dashboard: Dashboard
  ) {
    for (text, place) in dashboard.expressions {
      for selector in Query(text).selectors {
        for name in ["job", "instance"] {
          let isAsked = selector.matchers.contains {
            $0.label == name && $0.isRegex && $0.value == "$\(name)"
          }
          #expect(isAsked, "\(place): \(selector.metric)")
        }
      }
    }
  }

  @Test(arguments: Dashboard.all) func `rates follow the scrape interval`(dashboard: Dashboard) {
    for (text, place) in dashboard.expressions {
      for selector in Query(text).selectors where !selector.range.isEmpty {
        let isTotal = selector.function == "increase" && selector.range == "$__range"
        #expect(selector.range == "$__rate_interval" || isTotal, "\(place)")
      }
    }
  }

  @Test(arguments: Dashboard.all) func `counters are only shown as rates, buckets only as quantiles`(
    dashboard: Dashboard
  ) {
    for (text, place) in dashboard.expressions {
      for selector in Query(text).selectors {
        if selector.metric.hasSuffix("_total") || selector.metric.hasSuffix("_bucket") {
          #expect(["rate", "increase"].contains(selector.function), "\(place): \(selector.metric)")
        }
        if selector.metric.hasSuffix("_bucket") { #expect(text.contains("histogram_quantile"), "\(place)") }
      }
    }
  }

  @Test(arguments: Dashboard.all) func `a dashboard is code, found again under its name`(dashboard: Dashboard)
  {
    #expect(!dashboard.isEditable)
    #expect(dashboard.uid.wholeMatch(of: /handoffd-[a-z]+/) != nil)
    #expect(dashboard.title.hasPrefix("Handoffs: "))
    #expect(Set(dashboard.ids).count == dashboard.ids.count)
  }

  @Test(arguments: Dashboard.all) func `panels do not lie on each other`(dashboard: Dashboard) {
    var taken: Set<[Int]> = []
    for panel in dashboard.panels {
      #expect(panel.place.x + panel.place.width <= 24, "\(panel.title)")
      for x in panel.place.x..<(panel.place.x + panel.place.width) {
        for y in panel.place.y..<(panel.place.y + panel.place.height) {
          #expect(taken.insert([x, y]).inserted, "\(panel.title)")
        }
      }
    }
  }
}
