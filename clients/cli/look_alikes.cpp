#include "clients/cli/look_alikes.h"

#include "clients/core/acts/duplicates.h"

#include <fmt/core.h>

#include <utility>

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

std::string described(const KnownPerson& person, const projections::Units& units) {
  std::string text = fmt::format("{} {}", to_string(person.id), person.name);
  if (person.birth.year != 0) text += ", " + events::to_vietnamese(person.birth);
  return text + ", " + units.name_of(person.home);
}

std::string described(const KnownCollective& collective, const projections::Units& units) {
  return fmt::format("{} {}, {}", to_string(collective.id), collective.name,
                     units.name_of(collective.home));
}

template <class Known>
void say(Session& session, const std::vector<Known>& alike, const char* known_option) {
  if (session.options().json) {
    json::array ids;
    for (const Known& known : alike) ids.push_back(json_id(known.id));
    print_json(session.out(), json::object{{"stored", false}, {"alike", std::move(ids)}});
    return;
  }
  const projections::Units& units = (*session.device())->workspace().pending().units();
  for (const Known& known : alike) {
    print(session.out(), "Giống {}.\n", described(known, units));
  }
  const std::string id = to_string(alike.front().id);
  const std::string instead =
      *known_option == '\0' ? fmt::format("mã {}", id) : fmt::format("{} {}", known_option, id);
  print(session.out(), "Không ghi gì cả: nếu là một thì dùng {}, nếu không phải thì thêm --new.\n",
        instead);
}

}  // namespace

Result<bool> is_here_already(Session& session, const RecordRequest& request,
                             const char* known_option) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const Workspace& workspace = (*device)->workspace();
  if (const auto* person = std::get_if<events::PersonIntroduced>(&request.payload)) {
    const auto& record = std::get<events::PersonRecord>(*request.fields);
    const KnownPerson typed{
        {}, record.full_name, record.birth, person->home_unit, record.id_number};
    const auto alike = look_alikes(typed, known_people(workspace));
    if (!alike.empty()) say(session, alike, known_option);
    return !alike.empty();
  }
  const auto& collective = std::get<events::CollectiveIntroduced>(request.payload);
  const auto& record = std::get<events::CollectiveRecord>(*request.fields);
  const KnownCollective typed{{}, collective.kind, record.name, collective.home_unit};
  const auto alike = look_alikes(typed, known_collectives(workspace));
  if (!alike.empty()) say(session, alike, known_option);
  return !alike.empty();
}

Result<Listing> list_suspected_pairs(Session& session) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const Workspace& workspace = (*device)->workspace();
  const projections::Units& units = workspace.pending().units();
  Listing listing;
  listing.columns = {{"id", "Mã"},
                     {"name", "Họ tên"},
                     {"birth", "Sinh"},
                     {"unit", "Nơi ở"},
                     {"other", "Mã kia"},
                     {"other_name", "Họ tên kia"},
                     {"other_birth", "Sinh"},
                     {"other_unit", "Nơi ở kia"}};
  const auto birth_of = [](const KnownPerson& person) { return birth_cell(person.birth); };
  for (const auto& [one, other] : suspected_pairs(known_people(workspace))) {
    listing.rows.push_back({json_id(one.id), json::value(one.name), birth_of(one),
                            json::value(units.name_of(one.home)), json_id(other.id),
                            json::value(other.name), birth_of(other),
                            json::value(units.name_of(other.home))});
  }
  return listing;
}

}  // namespace clients
