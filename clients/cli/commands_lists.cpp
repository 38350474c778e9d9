#include "clients/cli/commands.h"
#include "clients/cli/look_alikes.h"
#include "clients/cli/machine.h"
#include "clients/cli/words.h"
#include "clients/core/bulk_preview.h"
#include "projections/purge_debts.h"
#include "projections/workflow/sheet_texts.h"
#include "projections/workflow/texts.h"

#include <string>
#include <utility>

// Commands that list what the device holds.

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

/// The state lists are made from, with the names it needs.
struct View {
  const projections::State& state;
  const Workspace& workspace;
  const ScoreSheets& sheets;  ///< Empty for lists without scores.
  std::string unit(events::UnitId id) const {
    return id.is_none() ? std::string{"toàn bộ"} : state.units().name_of(id);
  }
  std::string name(const events::EventId& id) const { return workspace.name_of(id); }
};

template <class Text>
json::value text(const Text& value) {
  return json::value(json::string(std::string_view(value)));
}

std::string_view standing_word(Standing standing) {
  switch (standing) {
    case Standing::device_only:
      return "chỉ trên thiết bị";
    case Standing::received:
      return "đã nhận";
    case Standing::official:
      return "chính thức";
    case Standing::waiting:
      return "đang chờ";
    case Standing::refused:
      return "có việc bị từ chối";
    case Standing::unproved:
      return "chưa kiểm chứng";
  }
  return "";
}

/// The word of a value for programs, its Vietnamese name for people.
template <class Enum>
json::value named(Enum value) {
  return named_cell(word_of(value), projections::name_vi(value));
}

Listing list_people(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},       {"name", "Họ tên"},   {"birth", "Sinh"},
                     {"gender", "Giới"}, {"age_band", "Tuổi"}, {"unit", "Nơi ở"},
                     {"household", "Hộ"}};
  for (const projections::Person& person : view.state.subjects().persons()) {
    std::string birth;
    if (const auto fields = view.workspace.private_fields(person.id.event)) {
      if (const auto* record = std::get_if<events::PersonRecord>(&*fields)) {
        if (record->birth.year != 0) birth = events::to_vietnamese(record->birth);
      }
    }
    listing.rows.push_back({json_id(person.id.event), text(view.name(person.id.event)), text(birth),
                            named(person.gender), named(person.age_band),
                            text(view.unit(person.home_unit)), json_id(person.household.event)});
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
                            named(collective.kind), text(view.unit(collective.home_unit)),
                            json_id(collective.head.event), collective.member_count});
  }
  return listing;
}

/// The total against what the criteria ask for.
json::value result_of(const View& view, const projections::Dossier& dossier) {
  const std::string result = projections::sheet_result_vi(dossier, view.state.rulebook(),
                                                          sheet_in(view.sheets, dossier.id));
  if (result.empty()) return json::value(nullptr);
  return named_cell(dossier.sheet_passes ? "passes" : "does_not_pass", result);
}

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
  for (const projections::Dossier& dossier : view.state.dossiers().all()) {
    const projections::Cycle* const cycle = view.state.rulebook().find(dossier.cycle);
    const bool scored = dossier.total_tenths != 0;
    listing.rows.push_back(
        {json_id(dossier.id.event), json_id(dossier.subject.id),
         text(view.name(dossier.subject.id)), text(cycle ? cycle->content.label : std::string{}),
         named(dossier.group), text(view.unit(dossier.home_unit)), named(dossier.state),
         scored ? text(projections::points_vi(dossier.total_tenths)) : json::value(nullptr),
         result_of(view, dossier), dossier.evidence_count,
         text(standing_word(view.workspace.standing_of(dossier.id).standing))});
  }
  return listing;
}

Listing list_units(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},        {"code", "Mã số"},   {"name", "Tên"}, {"kind", "Loại"},
                     {"parent", "Thuộc"}, {"area", "Khu vực"}, {"from", "Từ"},  {"closed", "Đến"}};
  for (const projections::Unit& unit : view.state.units().all()) {
    const projections::UnitVersion& latest = unit.latest();
    listing.rows.push_back(
        {json_id(unit.id.event), text(latest.official_code), text(latest.name), named(unit.kind),
         json_id(latest.parent.event), text(word_of(unit.area)), text(day_vi(latest.valid_from)),
         unit.closed_from ? text(day_vi(*unit.closed_from)) : json::value(nullptr)});
  }
  return listing;
}

Listing list_organisations(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"}, {"name", "Tên"}, {"kind", "Loại"}, {"unit", "Ở"}};
  for (const projections::Organisation& organisation : view.state.units().organisations()) {
    listing.rows.push_back({json_id(organisation.id.event), text(organisation.name),
                            text(word_of(organisation.kind)), text(view.unit(organisation.unit))});
  }
  return listing;
}

Listing list_grants(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},        {"person", "Mã người"},     {"name", "Họ tên"},
                     {"role", "Vai trò"}, {"role_vi", "Tên vai trò"}, {"unit", "Ở"},
                     {"from", "Từ"},      {"to", "Đến trước"},        {"revoked", "Thôi từ"}};
  for (const projections::Grant& grant : view.state.access().grants()) {
    listing.rows.push_back(
        {json_id(grant.id.event), json_id(grant.person.event), text(view.name(grant.person.event)),
         text(word_of(grant.role)), text(projections::name_vi(grant.role)),
         text(view.unit(grant.unit)), text(day_vi(grant.valid_from)), text(day_vi(grant.valid_to)),
         grant.revoked_from ? text(day_vi(*grant.revoked_from)) : json::value(nullptr)});
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
                     {"owes_purge", "Chưa xác nhận xoá"}};
  const events::Day today = events::day_in_vietnam(machine::now());
  for (const projections::Device& device : view.state.access().devices()) {
    listing.rows.push_back(
        {json_id(device.id.event), device.chain.value, text(device.label),
         text(moment_vi(device.enrolled_at)),
         device.continues.value == 0 ? json::value(nullptr) : json::value(device.continues.value),
         view.state.access().family_of(device.chain).value, device.revoked,
         projections::owes_purge(view.state, device, today)});
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
    return day_vi(days.first) + " – " + day_vi(days.last);
  };
  for (const projections::Cycle& cycle : view.state.rulebook().cycles()) {
    const events::CycleOpened& content = cycle.content;
    const projections::Criteria* const criteria = view.state.rulebook().find(content.criteria);
    listing.rows.push_back({json_id(cycle.id.event), text(content.label), named(content.title),
                            text(criteria ? criteria->content.code : std::string{}),
                            text(phase(content.registration)), text(phase(content.decision)),
                            text(word_of(content.late_policy))});
  }
  return listing;
}

Listing list_criteria(const View& view) {
  Listing listing;
  listing.columns = {{"id", "Mã"},           {"code", "Bộ tiêu chí"},  {"version", "Bản"},
                     {"title", "Danh hiệu"}, {"indicators", "Chỉ số"}, {"groups", "Nhóm"}};
  for (const projections::Criteria& criteria : view.state.rulebook().criteria()) {
    std::string groups;
    for (const events::GroupVariant& group : criteria.content.groups) {
      if (!groups.empty()) groups += ", ";
      groups += word_of(group.group);
    }
    listing.rows.push_back({json_id(criteria.id.event), text(criteria.content.code),
                            criteria.content.version, named(criteria.content.title),
                            criteria.content.indicators.size(), text(groups)});
  }
  return listing;
}

struct ListOptions {
  bool official = false;
  bool duplicates = false;  ///< Of people only.
};

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

}  // namespace

void add_list_commands(CommandLine& line) {
  for (const ListCommand& list : list_commands) {
    const bool is_people = list.make == list_people;
    const auto declare = [is_people](CommandOptions& command, ListOptions& options) {
      if (is_people) {
        command.add_flag("--duplicates", options.duplicates, "Chỉ những cặp có thể là một người");
      }
      command.add_flag("--official", options.official,
                       "Chỉ những gì đã chính thức, không kể việc chưa gửi");
    };
    const auto run = [make = list.make](Session& session,
                                        const ListOptions& options) -> Result<int> {
      const Result<Device*> device = session.device();
      if (!device) return device.error();
      if (options.duplicates) {
        const Result<Listing> pairs = list_suspected_pairs(session);
        if (!pairs) return pairs.error();
        return session.show(*pairs);
      }
      const Workspace& workspace = (*device)->workspace();
      ScoreSheets sheets;
      if (make == list_dossiers) {
        Result<ScoreSheets> read = current_sheets((*device)->replica());
        if (!read) return read.error();
        sheets = std::move(*read);
      }
      const View view{options.official ? workspace.confirmed() : workspace.pending(), workspace,
                      sheets};
      return session.show(make(view));
    };
    const std::string example = std::string("  khuyenhoc --home H ") + list.name + " --json";
    add_command<ListOptions>(line, list.name, list.what, example, declare, run);
  }
}

}  // namespace clients
