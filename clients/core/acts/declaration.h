#pragma once

#include "events/base/result.h"
#include "events/kinds/dossier_events.h"
#include "events/log/private_record.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace clients::acts {

/// What the person who registers said about their data, and who entered it for them.  Consent, who
/// confirmed it and who entered it are facts about a person: nothing of it is guessed.
struct Declaration {
  std::optional<events::LawfulBasis> basis;
  std::uint8_t consent_purposes{};  ///< Bits of events::consent_*.
  std::optional<events::Confirmation> confirmation;
  std::optional<events::ProxyReason> proxy;
  events::ProxyRecord proxy_record;  ///< As typed; empty where nothing was said.
};

/// What of a declaration may have to be asked for.
enum class DeclarationField : std::uint8_t {
  basis = 1,
  consent,                ///< For what, when consent is the basis.
  confirmation,           ///< How the person confirmed what was entered.
  proxy,                  ///< Why somebody else entered it, when the person was not there.
  witness,                ///< Who saw it, when a witness confirms.
  relation_or_office,     ///< Of whoever entered it for the person.
  witness_or_paper_form,  ///< On what that can be held against.
};

/// The declaration with what follows from what was said: purposes that were agreed to make consent
/// the basis, and nobody enters in place of somebody who is there, unless that is said.
Declaration completed(Declaration declaration);

/// What has still to be said, in the order in which it is asked for (V30).
std::vector<DeclarationField> missing_in(const Declaration& declaration);

/// Errors:  invalid_argument: V30: something is missing; or purposes were agreed to, but consent is
///          not the basis.
events::Result<void> check_declaration(const Declaration& declaration);

}  // namespace clients::acts
