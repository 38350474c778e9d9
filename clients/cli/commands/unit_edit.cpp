#include "clients/cli/commands.h"
#include "clients/cli/look_first.h"
#include "clients/core/acts/decree.h"
#include "clients/core/acts/units.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

// Commands that change one unit from a day on: unit-rename, unit-close.

namespace clients {

using events::Day;
using events::Result;
using projections::Unit;

namespace {

/// The opened device's units.  Errors: as Session::device().
Result<const projections::Units*> units_of(Session& session) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  return &(*device)->workspace().pending().units();
}

// ---- unit-rename ----

struct RenameOptions {
  std::string unit, name, code, parent, from, basis;
};

/// A code names one unit a day.
Result<void> check_code(const projections::Units& units, const acts::UnitChange& change) {
  if (change.official_code.empty()) return {};
  for (const Unit& unit : units.all()) {
    const bool has_it = unit.id != change.unit && unit.is_open_on(change.valid_from) &&
                        unit.version_on(change.valid_from).official_code == change.official_code;
    if (has_it) {
      return usage_error(fmt::format("Mã số {} trong ngày {} là của {} ({}).", change.official_code,
                                     day_vi(change.valid_from),
                                     unit.version_on(change.valid_from).name, to_string(unit.id)));
    }
  }
  return {};
}

Result<int> run_rename(Session& session, const RenameOptions& options) {
  if (options.name.empty() && options.code.empty() && options.parent.empty()) {
    return usage_error("Hãy nêu điều thay đổi: --name, --code hoặc --parent.");
  }
  const Result<Day> from = parse_business_day(options.from);
  if (!from) return from.error();
  const Result<events::UnitId> id = session.unit(options.unit, *from);
  if (!id) return id.error();
  const Result<const projections::Units*> units = units_of(session);
  if (!units) return units.error();
  const projections::UnitVersion& now = (*units)->find(*id)->version_on(*from);
  acts::UnitChange change{*id,
                          options.name.empty() ? now.name : options.name,
                          options.code.empty() ? now.official_code : options.code,
                          now.parent,
                          *from,
                          options.basis};
  if (!options.parent.empty()) {
    const Result<events::UnitId> parent = session.unit(options.parent, *from);
    if (!parent) return parent.error();
    change.parent = *parent;
  }
  if (const Result<void> code = check_code(**units, change); !code) return code.error();
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::change_unit(draft, occasion, change);
  });
}

// ---- unit-close ----

struct CloseOptions {
  std::string unit, from, basis;
  std::vector<std::string> successors;
  LookFirst look;
};

/// Shows what ends, and what is left in it.
Result<Decision> look_at_closure(Session& session, const LookFirst& look,
                                 const acts::UnitClosure& closure) {
  const projections::State& state = (*session.device())->workspace().pending();
  const projections::UnitsOnDay eve = state.units().on(Day{closure.closed_from.value - 1});
  const auto below = std::ranges::count_if(state.units().all(), [&](const Unit& unit) {
    return unit.is_open_on(eve.day()) && eve.parent_of(unit.id) == closure.unit;
  });
  const auto dossiers =
      std::ranges::count_if(state.dossiers().all(), [&](const projections::Dossier& dossier) {
        return acts::is_open(dossier) && eve.lies_in(dossier.home_unit, closure.unit);
      });
  if (!session.options().json) {
    std::string heirs;
    for (const events::UnitId heir : closure.successors) {
      heirs += (heirs.empty() ? "" : "; ") + state.units().on(closure.closed_from).name_of(heir);
    }
    print(session.out(), "{} kết thúc từ ngày {}. Đơn vị kế tiếp: {}.\n", eve.name_of(closure.unit),
          day_vi(closure.closed_from), heirs.empty() ? "không có" : heirs);
    print(session.out(), "Trực thuộc: {} đơn vị; hồ sơ đang xét: {}.\n", below, dossiers);
    if (closure.successors.size() > 1) {
      print(session.out(),
            "Có nhiều đơn vị kế tiếp thì không ai biết thôn nào đi đâu: hãy dùng unit-change.\n");
    }
  }
  return decide(session, look, "Tiếp tục?", true);
}

Result<int> run_close(Session& session, const CloseOptions& options) {
  const Result<Day> from = parse_business_day(options.from);
  if (!from) return from.error();
  const Result<events::UnitId> unit = session.unit(options.unit, Day{from->value - 1});
  if (!unit) return unit.error();
  acts::UnitClosure closure{*unit, *from, {}, options.basis};
  for (const std::string& text : options.successors) {
    const Result<events::UnitId> successor = session.unit(
        text, *from, [&](const Unit& candidate) { return candidate.id != closure.unit; });
    if (!successor) return successor.error();
    closure.successors.push_back(*successor);
  }
  const Result<Decision> decision = look_at_closure(session, options.look, closure);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.look);
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::close_unit(draft, occasion, closure);
  });
}

}  // namespace

void add_unit_edit_commands(CommandLine& line) {
  add_command<RenameOptions>(
      line, "unit-rename", "Đổi tên, mã số hoặc cấp trên của một đơn vị từ một ngày",
      "  khuyenhoc --home admin unit-rename 03316 --name \"Xã Nà Tấu Mới\" \\\n"
      "    --from 01/07/2026 --basis \"NQ 12/NQ-HĐND\"",
      [](CommandOptions& command, RenameOptions& options) {
        command.add_option("unit", options.unit, "Đơn vị: mã, mã số hoặc tên trong ngày ấy")
            .required();
        command.add_option("--name", options.name, "Tên mới, cả loại đơn vị");
        command.add_option("--code", options.code, "Mã số mới");
        command.add_option("--parent", options.parent, "Đơn vị cấp trên mới");
        command.add_option("--from", options.from, "Ngày đầu tiên có hiệu lực").required();
        command.add_option("--basis", options.basis, "Văn bản, như trên giấy").required();
      },
      run_rename);
  add_command<CloseOptions>(
      line, "unit-close", "Kết thúc một đơn vị, ví dụ một thôn đã giải thể",
      "  khuyenhoc --home admin unit-close 2.31 --from 01/01/2026 --successor 2.32 \\\n"
      "    --basis \"NQ 17/NQ-HĐND\" --dry-run\n"
      "  Sáp nhập, chia tách cấp xã: dùng unit-change.",
      [](CommandOptions& command, CloseOptions& options) {
        command.add_option("unit", options.unit, "Đơn vị: mã, mã số hoặc tên").required();
        command.add_option("--from", options.from, "Ngày đầu tiên không còn").required();
        command.add_option("--successor", options.successors, "Đơn vị kế tiếp");
        command.add_option("--basis", options.basis, "Văn bản, như trên giấy").required();
        declare_look(command, options.look);
      },
      run_close);
}

}  // namespace clients
