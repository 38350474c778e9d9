#include "server/api/words.h"

namespace server {
namespace {

constexpr std::string_view unknown_word = "unknown";

}  // namespace

std::string_view api_word(events::Role role) {
  using enum events::Role;
  switch (role) {
    case registrar:
      return "registrar";
    case proxy_entrant:
      return "proxy_entrant";
    case branch_head:
      return "branch_head";
    case hamlet_head:
      return "hamlet_head";
    case unit_board:
      return "unit_board";
    case clan_board:
      return "clan_board";
    case commune_clerk:
      return "commune_clerk";
    case commune_assoc_chair:
      return "commune_assoc_chair";
    case appraiser:
      return "appraiser";
    case signer:
      return "signer";
    case district_assoc:
      return "district_assoc";
    case province_assoc:
      return "province_assoc";
    case central_assoc:
      return "central_assoc";
    case auditor:
      return "auditor";
    case device_admin:
      return "device_admin";
  }
  return unknown_word;
}

std::string_view api_word(events::TitleKind title) {
  using enum events::TitleKind;
  switch (title) {
    case learning_citizen:
      return "learning_citizen";
    case learning_family:
      return "learning_family";
    case learning_clan:
      return "learning_clan";
    case learning_community_hamlet:
      return "learning_community_hamlet";
    case learning_community_commune:
      return "learning_community_commune";
    case learning_unit_commune:
      return "learning_unit_commune";
  }
  return unknown_word;
}

std::string_view api_word(events::GroupCode group) {
  using enum events::GroupCode;
  switch (group) {
    case none:
      return "none";
    case farmer_rural:
      return "farmer_rural";
    case worker_craft:
      return "worker_craft";
    case official_entrepreneur:
      return "official_entrepreneur";
    case learner:
      return "learner";
    case pilot_college_plus:
      return "pilot_college_plus";
    case pilot_trader:
      return "pilot_trader";
  }
  return unknown_word;
}

std::string_view api_word(events::VerdictCode code) {
  using enum events::VerdictCode;
  switch (code) {
    case accepted:
      return "accepted";
    case accepted_rebased:
      return "accepted_rebased";
    case held:
      return "held";
    case refused:
      return "refused";
  }
  return unknown_word;
}

std::string_view api_word(events::HoldReason reason) {
  using enum events::HoldReason;
  switch (reason) {
    case none:
      return "none";
    case depends_on:
      return "depends_on";
    case conflict:
      return "conflict";
    case no_authority:
      return "no_authority";
    case schema_unknown:
      return "schema_unknown";
    case clock:
      return "clock";
    case device_revoked:
      return "device_revoked";
    case unit_closed:
      return "unit_closed";
    case superseded_criteria:
      return "superseded_criteria";
    case cycle_closed:
      return "cycle_closed";
    case revoked_late:
      return "revoked_late";
    case date_ahead:
      return "date_ahead";
  }
  return unknown_word;
}

}  // namespace server
