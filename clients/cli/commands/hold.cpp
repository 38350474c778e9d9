#include "clients/cli/commands.h"
#include "clients/cli/look_first.h"
#include "clients/device/platform.h"
#include "projections/texts/texts.h"

#include <fmt/core.h>

#include <charconv>
#include <string>
#include <system_error>
#include <utility>

// The command that decides about what waits: release.

namespace clients {

using events::Result;

namespace {

struct ReleaseOptions {
  std::string work;  ///< Its position or its id, as inbox shows them.
  bool refuse = false;
  LookFirst look;
};

/// What waits could not take effect any more, whoever lets it: only refusing is left.
int say_impossible(Session& session, const events::Verdict& verdict) {
  if (session.options().json) {
    print_json(session.out(),
               boost::json::object{{"stored", false}, {"verdict", clients::json_of(verdict)}});
  } else {
    print(session.out(),
          "Việc này không còn có hiệu lực được nữa. {}\n"
          "Hãy từ chối hẳn bằng --refuse, rồi để người làm nhập lại nếu cần.\n",
          projections::explain(verdict));
  }
  return exit_refused;
}

/// What waits at the position or under the id that was typed.
/// Errors:  invalid_argument: neither; not_found: nothing waits there.
Result<projections::HeldEventPtr> waiting_at(const std::string& typed, const Workspace& workspace) {
  const projections::Inbox& inbox = workspace.pending().inbox();
  events::Position position;
  const char* const end = typed.data() + typed.size();
  const auto [rest, fault] = std::from_chars(typed.data(), end, position.value);
  const bool is_position = fault == std::errc() && rest == end;
  projections::HeldEventPtr held;
  if (is_position) {
    held = inbox.find(position);
  } else {
    const Result<events::EventId> id = parse_event_id(typed);
    if (!id) {
      return usage_error(fmt::format(
          "“{}” không phải là vị trí hay mã việc; hãy xem hai cột đầu của lệnh inbox.", typed));
    }
    held = inbox.find_anywhere(*id);
  }
  if (held == nullptr || held->position > workspace.confirmed().applied()) {
    return events::Error{events::ErrorCode::not_found,
                         fmt::format("Không có việc nào đang chờ ở {} {}; xem lệnh inbox.",
                                     is_position ? "vị trí" : "mã việc", typed)};
  }
  return held;
}

Result<int> run_release(Session& session, const ReleaseOptions& options) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const projections::State& state = (*device)->workspace().pending();
  const Result<projections::HeldEventPtr> waiting =
      waiting_at(options.work, (*device)->workspace());
  if (!waiting) return waiting.error();
  const projections::HeldEventPtr& held = *waiting;
  const events::Position position = held->position;
  if (!session.options().json) {
    const events::EventHeader& header = held->event.header;
    const std::string name = (*device)->workspace().name_of(header.actor.event);
    print(session.out(), "{} ({}) của {}, ngày trên giấy {}.\n  {}\n",
          projections::name_vi(static_cast<events::EventType>(header.type)), to_string(header.id()),
          name.empty() ? to_string(header.actor) : name, day_vi(header.business_day),
          projections::explain(held->verdict));
  }
  events::Payload payload;
  if (options.refuse) {
    events::Verdict verdict = held->verdict;
    verdict.code = events::VerdictCode::refused;
    verdict.hold = events::HoldReason::none;
    payload = events::HoldRefused{position, verdict};
  } else {
    const events::Verdict verdict = projections::judge_again(*held, state, true);
    if (!verdict.takes_effect()) return say_impossible(session, verdict);
    payload = events::HoldReleased{position, verdict};
  }
  const char* const question = options.refuse ? "Từ chối hẳn?" : "Cho có hiệu lực?";
  const Result<Decision> decision = decide(session, options.look, question, false);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.look);
  Result<RecordRequest> request = session.request(std::move(payload), held->event.header.stream);
  if (!request) return request.error();
  return session.record({&*request, 1});
}

}  // namespace

void add_hold_commands(CommandLine& line) {
  add_command<ReleaseOptions>(
      line, "release", "Cho một việc đang chờ có hiệu lực, hoặc từ chối hẳn",
      "  khuyenhoc --home H release 812\n  khuyenhoc --home H release 7.12 --refuse",
      [](CommandOptions& command, ReleaseOptions& options) {
        command.add_option("work", options.work, "Vị trí hoặc mã việc trong lệnh inbox").required();
        command.add_flag("--refuse", options.refuse, "Từ chối hẳn");
        declare_look(command, options.look);
      },
      run_release);
}

}  // namespace clients
