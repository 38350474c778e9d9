#include "clients/cli/look_alikes.h"

#include "clients/core/acts/duplicates.h"

#include <fmt/core.h>

#include <utility>

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

std::string described(const KnownPerson& person, const projections::UnitsOnDay& units) {
  std::string text = fmt::format("{} {}", to_string(person.id), person.name);
  if (person.birth.year != 0) text += ", " + events::to_vietnamese(person.birth);
  return text + ", " + units.name_of(person.home);
}

std::string described(const KnownCollective& collective, const projections::UnitsOnDay& units) {
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
  const projections::UnitsOnDay units = session.units_today();
  for (const Known& known : alike) {
    print(session.out(), "Giống {}.\n", described(known, units));
  }
  const std::string id = to_string(alike.front().id);
  const std::string instead =
      *known_option == '\0' ? fmt::format("mã {}", id) : fmt::format("{} {}", known_option, id);
  print(session.out(), "Không ghi gì cả: nếu là một thì dùng {}, nếu không phải thì thêm --new.\n",
        instead);
}

template <class New>
Result<bool> look(Session& session, const New& introduced, const char* known_option) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const auto alike = look_alikes((*device)->workspace(), introduced);
  if (!alike) return alike.error();
  if (!alike->empty()) say(session, *alike, known_option);
  return !alike->empty();
}

}  // namespace

Result<bool> is_here_already(Session& session, const acts::NewPerson& person,
                             const char* known_option) {
  return look(session, person, known_option);
}

Result<bool> is_here_already(Session& session, const acts::NewCollective& collective,
                             const char* known_option) {
  return look(session, collective, known_option);
}

Result<Listing> list_suspected_pairs(Session& session) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const Workspace& workspace = (*device)->workspace();
  const projections::UnitsOnDay units = session.units_today();
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
