extension Operation {
  /// Everything that can be done.
  static let all: [Operation] =
    EventsRoute.operations + EnvelopeRoute.operations + HandoffRoutes.operations + ExportRoute.operations
    + TaskRoutes.operations
    + AgentRoutes.operations + SummaryRoutes.operations + SeriesRoute.operations + AlertRoutes.operations
    + RunbookRoutes.operations
    + ResourcesRoute.operations + DeadLetterRoutes.operations + RejectionsRoute.operations
    + MetricsRoute.operations
    + HealthRoutes.operations + OpenAPIRoute.operations
}
