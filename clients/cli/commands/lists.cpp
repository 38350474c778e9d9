#include "clients/cli/commands.h"
#include "clients/cli/look_alikes.h"
#include "clients/cli/output/sync_status_texts.h"
#include "clients/cli/output/words.h"
#include "clients/core/acts/bulk_preview.h"
#include "platform/clock.h"
#include "projections/state/pending_purges.h"
#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"
#include "projections/views/dossier_rows.h"

#include <fmt/core.h>

#include <string>
#include <utility>

// Commands that list what the device holds.

namespace clients {

using events::Position;
using events::Result;
namespace json = boost::json;

namespace {

/// The state lists are made from, with the names it needs.
struct View {
  const projections::State& state;
  const Workspace& workspace;
  const ScoreSheets& sheets;                                    ///< Empty for lists without scores.
  events::Day today = events::day_in_vietnam(platform::now());  ///< On which units are asked for.
  bool with_closed = false;                                     ///< Of units, like `only_begun`.
  bool only_begun = false;
  /// The name of a unit; none is the whole log, which programs read as null.
  json::value unit(events::UnitId id) const {
    if (id.is_none()) return cell_without_word("toàn bộ");
    return json::value(json::string(std::string_view(state.units().on(today).name_of(id))));
  }
  std::string name(const events::EventId& id) const { return workspace.name_of(id); }
};

template <class Text>
json::value text(const Text& value) {
  return json::value(json::string(std::string_view(value)));
}

/// The word of a value for programs, its Vietnamese name for people.
template <class Enum>
json::value named(Enum value) {
  return named_cell(word_of(value), name_vi(value));
}

Listing list_people(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},       {"name", "Họ tên"},   {"birth", "Sinh"},
                     {"gender", "Giới"}, {"age_band", "Tuổi"}, {"unit", "Nơi ở"},
                     {"household", "Hộ"}};
  for (const projections::Person& person : view.state.subjects().persons()) {
    json::value birth;
    if (const auto fields = view.workspace.private_fields(person.id.event)) {
      if (const auto* record = std::get_if<events::PersonRecord>(&*fields)) {
        birth = birth_cell(record->birth);
      }
    }
    listing.rows.push_back({json_id(person.id.event), text(view.name(person.id.event)),
                            std::move(birth), named(person.gender), named(person.age_band),
                            view.unit(person.home_unit), json_id(person.household.event)});
  }
  return listing;
}

Listing list_collectives(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},
                     {"name", "Tên"},
                     {"kind", "Loại"},
                     {"unit", "Nơi ở"},
                     {"head", "Người đứng đầu"},
                     {"members", "Số người"}};
  for (const projections::Collective& collective : view.state.subjects().collectives()) {
    listing.rows.push_back({json_id(collective.id.event), text(view.name(collective.id.event)),
                            named(collective.kind), view.unit(collective.home_unit),
                            json_id(collective.head.event), collective.member_count});
  }
  return listing;
}

/// "77.5" for programs, "77,5" for people.
json::value points_cell(std::uint16_t tenths) {
  return named_cell(fmt::format("{}.{}", tenths / 10, tenths % 10), projections::points_vi(tenths));
}

json::value status_cell(EventStatus status) { return named_cell(word_of(status), name_vi(status)); }

Listing list_dossiers(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},
                     {"subject", "Của"},
                     {"subject_name", "Tên"},
                     {"cycle", "Đợt"},
                     {"group", "Nhóm"},
                     {"unit", "Đơn vị"},
                     {"state", "Trạng thái"},
                     {"points", "Điểm"},
                     {"result", "Kết quả"},
                     {"evidence", "Minh chứng"},
                     {"standing", "Tình trạng"}};
  const auto sheet_of = [&](events::DossierId id) { return sheet_in(view.sheets, id); };
  const auto name_of = [&](const events::EventId& id) { return view.name(id); };
  projections::DossierPageRequest request;
  request.day = view.today;
  do {
    const auto page = projections::dossier_rows(view.state, request, name_of, sheet_of);
    for (const projections::DossierRow& row : page.rows) {
      const std::string result = projections::sheet_result_vi(
          *view.state.dossiers().find(row.id), view.state.rulebook(), sheet_of(row.id));
      const bool passes = row.outcome == projections::SheetOutcome::passes;
      listing.rows.push_back(
          {json_id(row.id.event), json_id(row.subject.id), text(row.subject_name),
           text(row.cycle_label), named(row.group), view.unit(row.home_unit), named(row.state),
           row.total_tenths != 0 ? points_cell(row.total_tenths) : json::value(nullptr),
           row.outcome == projections::SheetOutcome::none
               ? json::value(nullptr)
               : named_cell(passes ? "passes" : "does_not_pass", result),
           row.evidence_count, status_cell(view.workspace.progress_of(row.id).status)});
    }
    request.after = page.next;
  } while (request.after);
  return listing;
}

Listing list_units(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},        {"code", "Mã số"},   {"name", "Tên"}, {"kind", "Loại"},
                     {"parent", "Thuộc"}, {"area", "Khu vực"}, {"from", "Từ"},  {"closed", "Đến"}};
  for (const projections::Unit& unit : view.state.units().all()) {
    const bool is_closed = unit.is_closed_on(view.today);
    if (is_closed && !view.with_closed) continue;
    if (view.only_begun && view.today < unit.versions.front().valid_from) continue;
    const projections::UnitVersion& version = unit.version_on(view.today);
    // A unit that has ended lies where it lay.
    const events::UnitId parent =
        is_closed ? version.parent : view.state.units().on(view.today).current(version.parent);
    listing.rows.push_back({json_id(unit.id.event), text(version.official_code), text(version.name),
                            named(unit.kind_on(view.today)), json_id(parent.event),
                            named(unit.area_on(view.today)), day_cell(version.valid_from),
                            unit.closed_from ? day_cell(*unit.closed_from) : json::value(nullptr)});
  }
  return listing;
}

Listing list_organisations(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"}, {"name", "Tên"}, {"kind", "Loại"}, {"unit", "Ở"}};
  for (const projections::Organisation& organisation : view.state.units().organisations()) {
    listing.rows.push_back({json_id(organisation.id.event), text(organisation.name),
                            named(organisation.kind), view.unit(organisation.unit)});
  }
  return listing;
}

Listing list_grants(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},        {"person", "Mã người"}, {"name", "Họ tên"},
                     {"role", "Vai trò"}, {"unit", "Ở"},          {"from", "Từ"},
                     {"to", "Đến trước"}, {"revoked", "Thôi từ"}};
  for (const projections::Grant& grant : view.state.access().grants()) {
    listing.rows.push_back(
        {json_id(grant.id.event), json_id(grant.person.event), text(view.name(grant.person.event)),
         named(grant.role), view.unit(grant.unit), day_cell(grant.valid_from),
         day_cell(grant.valid_to),
         grant.revoked_from ? day_cell(*grant.revoked_from) : json::value(nullptr)});
  }
  return listing;
}

Listing list_devices(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},
                     {"chain", "Chuỗi"},
                     {"label", "Tên"},
                     {"enrolled_at", "Ghi danh"},
                     {"continues", "Bản sao của chuỗi"},
                     {"family", "Cùng một máy"},
                     {"revoked", "Đã thu hồi"},
                     {"owes_purge", "Chưa xác nhận xóa"}};
  for (const projections::Device& device : view.state.access().devices()) {
    listing.rows.push_back(
        {json_id(device.id.event), device.chain.value, text(device.label),
         moment_cell(device.enrolled_at),
         device.continues.value == 0 ? json::value(nullptr) : json::value(device.continues.value),
         view.state.access().family_of(device.chain).value, device.revoked,
         projections::owes_purge(view.state, device, view.today)});
  }
  return listing;
}

Listing list_cycles(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},
                     {"label", "Đợt"},
                     {"title", "Danh hiệu"},
                     {"criteria", "Bộ tiêu chí"},
                     {"registration", "Đăng ký"},
                     {"decision", "Quyết định"},
                     {"late_policy", "Khi muộn"}};
  const auto phase = [](const events::Phase& days) {
    return named_cell(events::to_iso(days.first) + ".." + events::to_iso(days.last),
                      day_vi(days.first) + " – " + day_vi(days.last));
  };
  for (const projections::Cycle& cycle : view.state.rulebook().cycles()) {
    const events::CycleOpened& content = cycle.content;
    const projections::Criteria* const criteria = view.state.rulebook().find(content.criteria);
    listing.rows.push_back({json_id(cycle.id.event), text(content.label), named(content.title),
                            text(criteria ? criteria->content.code : std::string{}),
                            phase(content.registration), phase(content.decision),
                            named(content.late_policy)});
  }
  return listing;
}

Listing list_criteria(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},           {"code", "Bộ tiêu chí"},  {"version", "Bản"},
                     {"title", "Danh hiệu"}, {"indicators", "Chỉ số"}, {"groups", "Nhóm"}};
  for (const projections::Criteria& criteria : view.state.rulebook().criteria()) {
    std::string words;
    std::string names;
    for (const events::GroupVariant& group : criteria.content.groups) {
      words.append(words.empty() ? "" : ", ").append(word_of(group.group));
      names.append(names.empty() ? "" : "; ").append(name_vi(group.group));
    }
    listing.rows.push_back({json_id(criteria.id.event), text(criteria.content.code),
                            criteria.content.version, named(criteria.content.title),
                            criteria.content.indicators.size(), named_cell(words, names)});
  }
  return listing;
}

struct ListOptions {
  bool official = false;
  std::uint64_t as_of_position = 0;
  bool duplicates = false;   ///< Of people only.
  bool with_closed = false;  ///< Of units only, like `on`.
  std::string on;
};

/// The day of --on, or today.
Result<events::Day> day_of(const ListOptions& options) {
  if (options.on.empty()) return events::day_in_vietnam(platform::now());
  return parse_business_day(options.on);
}

struct ListCommand {
  const char* name;
  const char* what;
  Listing (*make)(const View&);
};

constexpr ListCommand list_commands[] = {
    {"people", "Danh sách người", list_people},
    {"collectives", "Danh sách hộ, dòng họ, cộng đồng, đơn vị", list_collectives},
    {"dossiers", "Danh sách hồ sơ", list_dossiers},
    {"units", "Danh sách đơn vị hành chính", list_units},
    {"organisations", "Danh sách tổ chức", list_organisations},
    {"grants", "Danh sách giao vai trò", list_grants},
    {"devices", "Danh sách thiết bị", list_devices},
    {"cycles", "Danh sách đợt xét", list_cycles},
    {"criteria", "Danh sách bộ tiêu chí", list_criteria},
};

Result<ScoreSheets> sheets_for(Listing (*make)(const View&), Replica& replica) {
  return make == list_dossiers ? current_sheets(replica) : ScoreSheets{};
}

/// What was known at a position.  Names, and how far a dossier's own work has come, are those of
/// now.
Result<int> show_past(Session& session, Device& device, Listing (*make)(const View&),
                      const ListOptions& options, events::Day day) {
  const Position position{options.as_of_position};
  const Replica& replica = device.replica();
  const Position synced = replica.pull().synced_upto;
  if (position > synced) return usage_error(not_reached_vi(synced));
  const Position base = replica.base_position().value_or(Position{});
  if (position < base) return usage_error(before_snapshot_vi(base));
  const Result<projections::State> state = replica.state_at(position);
  if (!state) return state.error();
  return session.show(
      make(View{*state, device.workspace(), {}, day, options.with_closed, !options.on.empty()}));
}

}  // namespace

void add_list_commands(CommandLine& line) {
  for (const ListCommand& list : list_commands) {
    const bool is_people = list.make == list_people;
    const bool is_units = list.make == list_units;
    const auto declare = [is_people, is_units](CommandOptions& command, ListOptions& options) {
      if (is_people) {
        command.add_flag("--duplicates", options.duplicates, "Chỉ những cặp có thể là một người");
      }
      if (is_units) {
        command.add_flag("--closed", options.with_closed, "Cả đơn vị đã kết thúc");
        command.add_option("--on", options.on, "Như trong ngày này (mặc định: hôm nay)");
      }
      command.add_flag("--official", options.official,
                       "Chỉ những gì đã chính thức, không kể việc chưa gửi");
      command.add_option("--as-of-position", options.as_of_position,
                         "Như đã biết ở vị trí này của sổ, không kể việc chưa gửi");
    };
    const auto run = [make = list.make](Session& session,
                                        const ListOptions& options) -> Result<int> {
      const Result<Device*> device = session.device();
      if (!device) return device.error();
      const Result<events::Day> day = day_of(options);
      if (!day) return day.error();
      if (options.as_of_position != 0) {
        if (options.duplicates) {
          return usage_error("--duplicates chỉ xét hiện tại, không đi cùng --as-of-position.");
        }
        return show_past(session, **device, make, options, *day);
      }
      if (options.duplicates) {
        const Result<Listing> pairs = list_suspected_pairs(session);
        if (!pairs) return pairs.error();
        return session.show(*pairs);
      }
      const Workspace& workspace = (*device)->workspace();
      const Result<ScoreSheets> sheets = sheets_for(make, (*device)->replica());
      if (!sheets) return sheets.error();
      const View view{options.official ? workspace.confirmed() : workspace.pending(),
                      workspace,
                      *sheets,
                      *day,
                      options.with_closed,
                      !options.on.empty()};
      return session.show(make(view));
    };
    const std::string command = std::string("  khuyenhoc --home H ") + list.name;
    const std::string example = command + " --json\n" + command + " --as-of-position 500";
    add_reading_command<ListOptions>(line, list.name, list.what, example, declare, run);
  }
}

}  // namespace clients
