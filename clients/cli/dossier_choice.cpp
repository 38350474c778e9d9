#include "clients/cli/dossier_choice.h"

#include "clients/cli/output/words.h"
#include "projections/state/standing.h"
#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

/// More dossiers than these are counted, not named.
constexpr std::size_t left_out_named_max = 20;

/// The round and the unit of a choice; none for all.
struct Bounds {
  events::CycleId cycle;
  events::UnitId unit;
};

Result<Bounds> bounds_of(Session& session, const DossierChoice& choice) {
  Bounds bounds;
  if (!choice.cycle.empty()) {
    const Result<events::CycleId> found = session.cycle(choice.cycle);
    if (!found) return found.error();
    bounds.cycle = *found;
  }
  if (!choice.unit.empty()) {
    const Result<events::UnitId> found = session.unit(choice.unit);
    if (!found) return found.error();
    bounds.unit = *found;
  }
  return bounds;
}

Result<void> add_named(Session& session, const DossierChoice& choice, ChosenDossiers& chosen) {
  for (const std::string& text : choice.named) {
    const Result<events::DossierId> dossier = session.dossier(text);
    if (!dossier) return dossier.error();
    chosen.ids.push_back(*dossier);
    std::erase_if(chosen.left_out, [&](const LeftOut& row) { return row.id == *dossier; });
  }
  std::ranges::sort(chosen.ids);
  chosen.ids.erase(std::unique(chosen.ids.begin(), chosen.ids.end()), chosen.ids.end());
  return {};
}

void print_left_out(Session& session, const ChosenDossiers& chosen) {
  if (session.options().json) return;
  for (const std::string& line : left_out_vi(chosen, left_out_named_max)) {
    print(session.out(), "{}.\n", line);
  }
}

using Said = std::function<std::string(const projections::Dossier&)>;

Listing list_chosen(const Workspace& workspace, const ChosenDossiers& chosen,
                    const ScoreSheets& sheets, const Said& said) {
  const projections::State& state = workspace.pending();
  Listing listing;
  listing.columns = {{"id", "Mã"},
                     {"subject_name", "Tên"},
                     {"group", "Nhóm"},
                     {"state", "Trạng thái"},
                     {"result", "Phiếu điểm"}};
  if (said) listing.columns.push_back({"conclusion_vi", "Kết luận"});
  for (const events::DossierId id : chosen.ids) {
    const projections::Dossier& dossier = *state.dossiers().find(id);
    const std::string result =
        projections::sheet_result_vi(dossier, state.rulebook(), sheet_in(sheets, id));
    const events::DossierState standing = projections::standing_of(dossier, state.rulebook());
    const std::string_view word = dossier.sheet_passes ? "passes" : "does_not_pass";
    listing.rows.push_back({json_id(id.event), json::value(workspace.name_of(dossier.subject.id)),
                            named_cell(word_of(dossier.group), projections::name_vi(dossier.group)),
                            named_cell(word_of(standing), projections::name_vi(standing)),
                            result.empty() ? json::value(nullptr) : named_cell(word, result)});
    if (said) listing.rows.back().push_back(json::value(said(dossier)));
  }
  return listing;
}

void print_dry_run(Session& session, const Listing& listing, const ChosenDossiers& chosen) {
  const projections::State& state = (*session.device())->workspace().pending();
  json::array left_out;
  for (const LeftOut& row : chosen.left_out) {
    const projections::Dossier& dossier = *state.dossiers().find(row.id);
    left_out.push_back(json::object{{"id", to_string(row.id)},
                                    {"state", word_of(dossier.state)},
                                    {"total_tenths", dossier.total_tenths}});
  }
  print_json(session.out(), json::object{{"stored", false},
                                         {"dry_run", true},
                                         {"dossiers", clients::json_of(listing)},
                                         {"left_out", std::move(left_out)}});
}

}  // namespace

void declare_choice(CommandOptions& command, DossierChoice& choice) {
  command.add_option("dossiers", choice.named, "Mã các hồ sơ");
  command.add_flag("--all", choice.all, "Mọi hồ sơ đang ở đúng bước này");
  command.add_option("--cycle", choice.cycle, "Cùng --all: chỉ của đợt xét này");
  command.add_option("--in", choice.unit, "Cùng --all: chỉ của đơn vị này và cấp dưới");
  declare_look(command, choice.look);
}

Result<ChosenDossiers> choose_dossiers(Session& session, const DossierChoice& choice,
                                       const BulkStep& step) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  ChosenDossiers chosen;
  if (choice.all) {
    const Result<Bounds> bounds = bounds_of(session, choice);
    if (!bounds) return bounds.error();
    const Result<ScoreSheets> sheets = current_sheets((*device)->replica());
    if (!sheets) return sheets.error();
    const Result<events::Day> day = session.business_day();
    if (!day) return day.error();
    const projections::State& state = (*device)->workspace().pending();
    chosen = choose_all(state, state.units().on(*day), bounds->cycle, bounds->unit, step, *sheets);
  }
  if (Result<void> added = add_named(session, choice, chosen); !added) return added.error();
  chosen.is_bulk = choice.all || chosen.ids.size() > 1;
  if (chosen.ids.empty()) {
    print_left_out(session, chosen);
    return usage_error(choice.all ? "Không có hồ sơ nào đang ở bước này."
                                  : "Hãy cho mã hồ sơ, hoặc --all.");
  }
  if (chosen.ids.size() > events::list_entries_max) {
    return usage_error(fmt::format("Một danh sách có nhiều nhất {} hồ sơ; hãy chia bằng --in.",
                                   events::list_entries_max));
  }
  return chosen;
}

Result<Decision> look_at_choice(Session& session, const DossierChoice& choice,
                                const ChosenDossiers& chosen, const Said& said) {
  const bool is_shown = chosen.is_bulk || choice.look.dry_run;
  if (!is_shown) return Decision::go_on;
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const Result<ScoreSheets> sheets = current_sheets((*device)->replica());
  if (!sheets) return sheets.error();
  // Sentences are for people.
  const Listing listing =
      list_chosen((*device)->workspace(), chosen, *sheets, session.options().json ? Said{} : said);
  if (!session.options().json) {
    print_table(session.out(), listing);
    print_left_out(session, chosen);
  } else if (choice.look.dry_run) {
    print_dry_run(session, listing, chosen);
  }
  return decide(session, choice.look, fmt::format("{} hồ sơ, tiếp tục?", chosen.ids.size()), true);
}

}  // namespace clients
