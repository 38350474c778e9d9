#include "clients/core/replica/undo.h"

#include "clients/cli/commands.h"
#include "clients/cli/look_first.h"
#include "projections/texts/texts.h"

#include <utility>

// The command that takes back what was recorded and not yet sent: undo.

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

struct UndoOptions {
  bool list = false;
  LookFirst look;
};

/// One row for each event of the acts.
Listing list_acts(Device& device, const std::vector<OwnAct>& acts) {
  Listing listing;
  listing.columns = {{"act", "Lần"},
                     {"id", "Mã"},
                     {"type", "Việc"},
                     {"stream", "Về"},
                     {"name", "Tên"},
                     {"business_day", "Ngày trên giấy"},
                     {"recorded_at", "Ghi lúc"}};
  const Workspace& workspace = device.workspace();
  std::size_t number = 0;
  for (const OwnAct& act : acts) {
    ++number;
    for (std::uint64_t seq = act.first_seq; seq <= act.last_seq; ++seq) {
      const events::EventHeader& header = device.replica().own().entry(seq).event.header;
      const projections::Dossier* const dossier =
          workspace.pending().dossiers().find(events::DossierId{header.stream.id});
      const events::EventId subject = dossier == nullptr ? header.id() : dossier->subject.id;
      const auto type = static_cast<events::EventType>(header.type);
      listing.rows.push_back(
          {number, json_id(header.id()),
           named_cell(events::event_name(header.type), projections::name_vi(type)),
           json_id(header.stream.id), json::value(workspace.name_of(subject)),
           day_cell(header.business_day), moment_cell(header.recorded_at)});
    }
  }
  return listing;
}

int say_nothing_to_undo(Session& session, const Replica& replica) {
  if (session.options().json) {
    print_json(session.out(), json::object{{"undone", 0}});
    return exit_refused;
  }
  const bool has_sent = replica.own().head().seq != 0;
  print(session.out(), "Không có việc nào lấy lại được. {}\n",
        has_sent ? "Mọi việc đã được gửi, hoặc đã nằm trong một lần gửi hay một gói: máy khác có "
                   "thể đã thấy, nên chỉ sửa được bằng một việc mới."
                 : "Thiết bị chưa ghi việc nào.");
  return exit_refused;
}

Result<int> run_undo(Session& session, const UndoOptions& options) {
  const Result<Device*> opened = session.device();
  if (!opened) return opened.error();
  Device& device = **opened;
  const Result<std::vector<OwnAct>> acts = acts_to_undo(device.replica());
  if (!acts) return acts.error();
  if (options.list) return session.show(list_acts(device, *acts));
  if (acts->empty()) return say_nothing_to_undo(session, device.replica());

  const OwnAct last = acts->front();
  const Listing listing = list_acts(device, {last});
  if (!session.options().json) {
    print(session.out(), "Việc ghi sau cùng, chưa gửi:\n");
    print_table(session.out(), listing);
  }
  const Result<Decision> decision =
      decide(session, options.look, "Lấy lại, như chưa từng ghi?", true);
  if (!decision) return decision.error();
  const bool is_undone = *decision == Decision::go_on;
  if (is_undone) {
    if (Result<void> done = undo(device.replica(), device.files(), last); !done) {
      return done.error();
    }
  }
  if (session.options().json) {
    const std::uint64_t count = is_undone ? last.last_seq - last.first_seq + 1 : 0;
    print_json(session.out(),
               json::object{{"undone", count}, {"events", clients::json_of(listing)}});
  } else if (is_undone) {
    print(session.out(), "Đã lấy lại {} việc; trên thiết bị không còn gì của chúng.\n",
          last.last_seq - last.first_seq + 1);
  }
  return is_undone ? exit_ok : exit_of_stop(options.look);
}

}  // namespace

void add_undo_command(CommandLine& line) {
  add_command<UndoOptions>(
      line, "undo", "Lấy lại việc ghi sau cùng khi chưa gửi đi đâu",
      "  khuyenhoc --home H undo\n"
      "  khuyenhoc --home H undo --list\n"
      "  khuyenhoc --home H undo --yes",
      [](CommandOptions& command, UndoOptions& options) {
        command.add_flag("--list", options.list, "Chỉ liệt kê những việc còn lấy lại được");
        declare_look(command, options.look);
      },
      run_undo);
}

}  // namespace clients
