#include "clients/cli/commands.h"
#include "clients/cli/machine.h"
#include "projections/workflow/texts.h"

#include <fmt/core.h>

#include <utility>

// The command that decides about what waits: release.

namespace clients {

using events::Result;

namespace {

struct ReleaseOptions {
  std::uint64_t position = 0;
  bool refuse = false;
};

/// What waits could not take effect any more, whoever lets it: only refusing is left.
int say_impossible(Session& session, const events::Verdict& verdict) {
  if (session.options().json) {
    print_json(session.out(),
               boost::json::object{{"stored", false}, {"verdict", json_of(verdict)}});
  } else {
    print(session.out(),
          "Việc này không còn có hiệu lực được nữa. {}\n"
          "Hãy từ chối hẳn bằng --refuse, rồi để người làm nhập lại nếu cần.\n",
          projections::explain(verdict));
  }
  return exit_refused;
}

Result<int> run_release(Session& session, const ReleaseOptions& options) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const projections::State& state = (*device)->workspace().pending();
  const events::Position position{options.position};
  const projections::HeldEvent* const held = state.inbox().find(position);
  if (held == nullptr || position > (*device)->workspace().confirmed().applied()) {
    return events::Error{
        events::ErrorCode::not_found,
        fmt::format("Không có việc nào đang chờ ở vị trí {}; xem lệnh inbox.", options.position)};
  }
  events::Payload payload;
  if (options.refuse) {
    events::Verdict verdict = held->verdict;
    verdict.code = events::VerdictCode::refused;
    verdict.hold = events::HoldReason::none;
    payload = events::HoldRefused{position, verdict};
  } else {
    const events::Verdict verdict = projections::judge_again(*held, state, machine::now(), true);
    if (!verdict.takes_effect()) return say_impossible(session, verdict);
    payload = events::HoldReleased{position, verdict};
  }
  Result<RecordRequest> request = session.request(std::move(payload), held->event.header.stream);
  if (!request) return request.error();
  return session.record({&*request, 1});
}

}  // namespace

void add_hold_commands(CommandLine& line) {
  add_command<ReleaseOptions>(
      line, "release", "Cho một việc đang chờ có hiệu lực, hoặc từ chối hẳn",
      "  khuyenhoc --home H release 812\n  khuyenhoc --home H release 812 --refuse",
      [](CommandOptions& command, ReleaseOptions& options) {
        command.add_option("position", options.position, "Vị trí trong lệnh inbox").required();
        command.add_flag("--refuse", options.refuse, "Từ chối hẳn");
      },
      run_release);
}

}  // namespace clients
