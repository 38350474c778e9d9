#include "server/commit/clock_service.h"

#include <future>

namespace server {

namespace json = boost::json;
using events::Error;
using events::ErrorCode;
using events::Result;

json::object clock_request(bool confirm) { return {{"do", "clock"}, {"confirm", confirm}}; }

Result<json::object> serve_clock(Committer& committer, const json::object& request) {
  const json::value* const confirm = request.if_contains("confirm");
  if (confirm == nullptr || !confirm->is_bool()) {
    return Error{ErrorCode::invalid_argument, "a request about the clock needs confirm"};
  }
  std::promise<Result<Committer::ClockReport>> answer;
  committer.ask_clock(confirm->as_bool(), [&answer](Result<Committer::ClockReport> report) {
    answer.set_value(std::move(report));
  });
  const Result<Committer::ClockReport> report = answer.get_future().get();
  if (!report) return report.error();
  return json::object{{"clock", events::to_iso(report->now)},
                      {"last_receipt", report->last_received_at.value == 0
                                           ? json::value(nullptr)
                                           : json::value(events::to_iso(report->last_received_at))},
                      {"right", report->fault == ClockFault::none},
                      {"fault", name_of(report->fault)}};
}

}  // namespace server
