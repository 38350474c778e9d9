#include "clients/cli/commands.h"
#include "clients/cli/look_first.h"
#include "clients/core/acts/holds.h"
#include "projections/texts/texts.h"

#include <string>

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

Result<int> run_release(Session& session, const ReleaseOptions& options) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const Workspace& workspace = (*device)->workspace();
  const projections::State& state = workspace.pending();
  const Result<projections::HeldEventPtr> waiting =
      acts::waiting_at(options.work, state.inbox(), workspace.confirmed().applied());
  if (!waiting) return waiting.error();
  const projections::HeldEventPtr& held = *waiting;
  if (!session.options().json) {
    const events::EventHeader& header = held->event.header;
    const std::string name = workspace.name_of(header.actor.event);
    print(session.out(), "{} ({}) của {}, ngày trên giấy {}.\n  {}\n",
          projections::name_vi(static_cast<events::EventType>(header.type)), to_string(header.id()),
          name.empty() ? to_string(header.actor) : name, day_vi(header.business_day),
          projections::explain(held->verdict));
  }
  const acts::HoldDecision wanted =
      options.refuse ? acts::refusal_of(*held) : acts::release_of(*held, state);
  if (!options.refuse && !wanted.verdict.takes_effect()) {
    return say_impossible(session, wanted.verdict);
  }
  const char* const question = options.refuse ? "Từ chối hẳn?" : "Cho có hiệu lực?";
  const Result<Decision> decision = decide(session, options.look, question, false);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.look);
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    acts::decide_hold(draft, occasion, wanted);
  });
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
