#include "clients/cli/commands.h"
#include "clients/cli/decree_file.h"
#include "clients/cli/look_first.h"
#include "clients/cli/output/refusal_help.h"
#include "clients/cli/output/words.h"
#include "clients/cli/text_file.h"
#include "clients/core/acts/access.h"
#include "projections/texts/texts.h"

#include <algorithm>
#include <string>
#include <vector>

// The command for a decree that merges, splits or abolishes units: unit-change.

namespace clients {

using events::Day;
using events::Result;
namespace json = boost::json;

namespace {

constexpr std::size_t decree_file_bytes_max = 4 << 20;
/// Of one kind of thing that a decree brings about, people are shown so many.
constexpr std::size_t shown_max = 40;

struct ChangeOptions {
  std::string file, basis, from;
  bool grant_successors = false;
  std::vector<std::string> without;
  LookFirst look;
};

/// A decree that is about to be recorded.
struct Prepared {
  Day effective;
  std::size_t rows = 0;
  std::size_t events = 0;  ///< Of the decree itself.
  acts::DecreePreview preview;
  acts::Draft draft;
};

/// Names of units before the decree and after it, for people.
class Names {
 public:
  Names(const projections::Units& units, Day effective)
      : before_(units.on(Day{effective.value - 1})), after_(units.on(effective)) {}
  std::string before(events::UnitId unit) const { return before_.name_of(unit); }
  std::string after(events::UnitId unit) const { return after_.name_of(unit); }

 private:
  projections::UnitsOnDay before_;
  projections::UnitsOnDay after_;
};

json::object preview_json(const Prepared& decree, const RecordedTogether& judged) {
  json::object answer;
  answer["stored"] = false;
  answer["effective"] = events::to_iso(decree.effective);
  answer["rows"] = decree.rows;
  answer["events"] = decree.events;
  json::array& ends = answer["ends"].emplace_array();
  for (const auto& end : decree.preview.ends) {
    ends.push_back(
        json::object{{"unit", json_id(end.unit.event)}, {"heir", json_id(end.heir.event)}});
  }
  json::array& moves = answer["hamlets"].emplace_array();
  for (const auto& move : decree.preview.moves) {
    moves.push_back(json::object{{"hamlet", json_id(move.hamlet.event)},
                                 {"from", json_id(move.from.event)},
                                 {"to", json_id(move.to.event)}});
  }
  json::array& flows = answer["dossiers"].emplace_array();
  for (const auto& flow : decree.preview.flows) {
    flows.push_back(json::object{{"from", json_id(flow.from.event)},
                                 {"to", json_id(flow.to.event)},
                                 {"dossiers", flow.dossiers},
                                 {"open", flow.open},
                                 {"unallocated", flow.unallocated}});
  }
  json::array& roles = answer["roles"].emplace_array();
  for (const auto& end : decree.preview.roles) {
    roles.push_back(json::object{{"grant", json_id(end.grant.event)},
                                 {"person", json_id(end.person.event)},
                                 {"role", word_of(end.role)},
                                 {"unit", json_id(end.unit.event)},
                                 {"successor", json_id(end.successor.event)}});
  }
  answer["verdict"] = nullptr;
  if (judged.refused) answer["verdict"] = json_of(judged.recorded[*judged.refused].verdict);
  return answer;
}

/// At most shown_max lines, and how many there are more.
template <class Rows, class Line>
void print_some(std::ostream& out, std::string_view heading, const Rows& rows, Line line) {
  if (rows.empty()) return;
  print(out, "{} ({}):\n", heading, rows.size());
  for (std::size_t index = 0; index < std::min(rows.size(), shown_max); ++index) {
    print(out, "  {}\n", line(rows[index]));
  }
  if (rows.size() > shown_max) {
    print(out, "  … và {} dòng nữa; xem đủ bằng --dry-run --json\n", rows.size() - shown_max);
  }
}

void print_preview(const Session& session, const Workspace& workspace, const Prepared& decree,
                   bool grants_successors) {
  std::ostream& out = session.out();
  const Names names(workspace.pending().units(), decree.effective);
  const acts::DecreePreview& preview = decree.preview;
  print(out, "Từ ngày {}, theo {} dòng (ghi thành {} việc):\n", day_vi(decree.effective),
        decree.rows, decree.events);
  print_some(out, "Đơn vị kết thúc và đơn vị kế tiếp", preview.ends, [&](const auto& end) {
    return names.before(end.unit) + " → " + names.after(end.heir);
  });
  print_some(out, "Thôn chuyển sang đơn vị khác", preview.moves, [&](const auto& move) {
    return names.before(move.hamlet) + " → " + names.after(move.to);
  });
  print_some(out, "Hồ sơ đi theo", preview.flows, [&](const auto& flow) {
    std::string line = fmt::format("{} → {}: {} hồ sơ, {} đang xét", names.before(flow.from),
                                   names.after(flow.to), flow.dossiers, flow.open);
    if (flow.unallocated > 0) {
      line += fmt::format(", {} không ghi thôn: chưa phân bổ", flow.unallocated);
    }
    return line;
  });
  print_some(out, "Vai trò hết theo đơn vị", preview.roles, [&](const auto& end) {
    const std::string who =
        fmt::format("{} {}, {}, {}", to_string(end.grant), workspace.name_of(end.person.event),
                    projections::name_vi(end.role), names.before(end.unit));
    if (end.successor.is_none()) return who + ": không đề xuất vai trò kế tiếp";
    return fmt::format("{}: {} vai trò ấy ở {}", who, grants_successors ? "giao" : "có thể giao",
                       names.after(end.successor));
  });
  const bool has_successors =
      std::ranges::any_of(preview.roles, [](const auto& end) { return !end.successor.is_none(); });
  if (has_successors && !grants_successors) {
    print(out, "Muốn giao luôn các vai trò kế tiếp: thêm --grant-successors.\n");
  }
}

/// Every line that cannot be, and that nothing was recorded.
int print_bad(const Session& session, const std::string& file, std::vector<BadLine> bad) {
  std::ranges::stable_sort(bad, {}, &BadLine::number);
  if (session.options().json) {
    json::object answer;
    answer["stored"] = false;
    json::array& lines = answer["bad"].emplace_array();
    for (const BadLine& line : bad) {
      lines.push_back(json::object{
          {"line", line.number},
          {"column", line.column.empty() ? json::value(nullptr) : json::value(line.column)}});
    }
    print_json(session.out(), answer);
    return exit_refused;
  }
  for (const BadLine& line : bad) {
    const std::string place =
        line.column.empty() ? std::string{} : fmt::format(" (cột {})", line.column);
    print(session.out(), "{}:{}{}: {}\n", file, line.number, place, line.why);
  }
  print(session.out(),
        "Một quyết định là một việc: còn {} dòng sai thì không ghi dòng nào. Hãy sửa tệp.\n",
        bad.size());
  return exit_refused;
}

/// The roles that are left out are proposed to nobody.
Result<void> leave_out(const std::vector<std::string>& texts, acts::DecreePreview& preview) {
  for (const std::string& text : texts) {
    const Result<events::EventId> id = parse_event_id(text);
    if (!id) return id.error();
    const auto found = std::ranges::find(preview.roles, events::RoleGrantId{*id},
                                         &acts::DecreePreview::RoleEnd::grant);
    if (found == preview.roles.end()) {
      return usage_error("Không có vai trò nào mã " + text + " hết theo quyết định này.");
    }
    found->successor = {};
  }
  return {};
}

Result<Prepared> prepare(Session& session, const ChangeOptions& options, Day effective,
                         const std::vector<acts::DecreeLine>& lines) {
  Result<acts::Draft> draft = session.draft();
  if (!draft) return draft.error();
  const Result<acts::Occasion> by = session.occasion();
  if (!by) return by.error();
  const Result<std::vector<acts::Decree>> pieces = acts::pieces_of(options.basis, effective, lines);
  if (!pieces) return pieces.error();
  Prepared decree{effective, lines.size(), pieces->size(),
                  acts::preview_of(draft->state(), effective, lines), std::move(*draft)};
  if (const Result<void> out = leave_out(options.without, decree.preview); !out) {
    return out.error();
  }
  for (const acts::Decree& piece : *pieces) {
    const Result<events::EventId> added = acts::change_units(decree.draft, *by, piece);
    if (!added) return added.error();
  }
  if (!options.grant_successors) return decree;
  for (const acts::NewGrant& grant :
       acts::successor_grants(decree.preview, effective, options.basis)) {
    const Result<events::RoleGrantId> added = acts::grant_role(decree.draft, *by, grant);
    if (!added) return added.error();
  }
  return decree;
}

/// What --dry-run says behind the preview: whether it would be recorded.
Result<int> look_only(Session& session, const Workspace& workspace, const Prepared& decree) {
  const Result<RecordedTogether> judged = session.try_judge(decree.draft);
  if (!judged) return judged.error();
  if (session.options().json) {
    print_json(session.out(), preview_json(decree, *judged));
  } else if (judged->refused) {
    const events::Verdict& verdict = judged->recorded[*judged->refused].verdict;
    print(session.out(), "Nếu ghi thì bị từ chối: {}\n", projections::explain(verdict));
    const auto help = help_for(verdict, decree.draft.requests()[*judged->refused], workspace);
    if (help) print(session.out(), "  {}\n", *help);
  }
  if (!session.options().json) print(session.out(), "Chỉ xem trước: không ghi gì cả.\n");
  return judged->refused ? exit_refused : exit_ok;
}

Result<int> run_change(Session& session, const ChangeOptions& options) {
  const Result<Day> effective = parse_business_day(options.from);
  if (!effective) return effective.error();
  const Result<std::string> content = read_text_file(options.file, decree_file_bytes_max);
  if (!content) return content.error();
  Result<DecreeFile> file = read_decree_file(session, *content, *effective);
  if (!file) return file.error();
  const Workspace& workspace = (*session.device())->workspace();
  for (BadLine& bad : acts::bad_lines(workspace.pending().units(), *effective, file->lines)) {
    file->bad.push_back(std::move(bad));
  }
  if (!file->bad.empty()) return print_bad(session, options.file, std::move(file->bad));
  if (file->lines.empty()) return usage_error("Tệp không có dòng nào.");

  const Result<Prepared> decree = prepare(session, options, *effective, file->lines);
  if (!decree) return decree.error();
  if (const Result<void> texts = Session::check_texts(decree->draft); !texts) return texts.error();
  if (!session.options().json) {
    print_preview(session, workspace, *decree, options.grant_successors);
  }
  if (options.look.dry_run) return look_only(session, workspace, *decree);
  const Result<Decision> decision = decide(session, options.look, "Ghi quyết định này?", true);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.look);
  return session.record(decree->draft);
}

}  // namespace

void add_unit_change_command(CommandLine& line) {
  add_command<ChangeOptions>(
      line, "unit-change", "Nhập quyết định sáp nhập, chia tách, giải thể đơn vị",
      "  khuyenhoc --home admin unit-change sap-nhap.csv --from 01/07/2025 \\\n"
      "    --basis \"NQ 1661/NQ-UBTVQH15\" --dry-run\n"
      "  Dòng đầu: from,to,hamlets (đơn vị: mã, mã số hoặc tên; đơn vị mới nhập\n"
      "  trước bằng unit-import --closed-from)\n"
      "  03136,03127,                  cả đơn vị\n"
      "  03316,03317,Bản A;Bản B       chỉ các thôn này",
      [](CommandOptions& command, ChangeOptions& options) {
        command.add_option("file", options.file, "Tệp CSV").required();
        command.add_option("--from", options.from, "Ngày đầu tiên có hiệu lực").required();
        command.add_option("--basis", options.basis, "Quyết định, như trên giấy").required();
        command.add_flag("--grant-successors", options.grant_successors,
                         "Giao luôn vai trò kế tiếp cho người có vai trò hết theo đơn vị");
        command.add_option("--without", options.without,
                           "Mã giao vai trò không giao tiếp (nhiều lần)");
        declare_look(command, options.look);
      },
      run_change);
}

}  // namespace clients
