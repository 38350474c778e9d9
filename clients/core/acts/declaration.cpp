#include "clients/core/acts/declaration.h"

namespace clients::acts {

using events::Confirmation;
using events::Error;
using events::ErrorCode;
using events::LawfulBasis;
using events::ProxyReason;

Declaration completed(Declaration declaration) {
  if (!declaration.basis && declaration.consent_purposes != 0) {
    declaration.basis = LawfulBasis::consent;
  }
  if (!declaration.proxy && declaration.confirmation == Confirmation::subject_present) {
    declaration.proxy = ProxyReason::none;
  }
  return declaration;
}

std::vector<DeclarationField> missing_in(const Declaration& declaration) {
  const Declaration said = completed(declaration);
  std::vector<DeclarationField> missing;
  using enum DeclarationField;
  if (!said.basis) missing.push_back(basis);
  if (said.basis == LawfulBasis::consent && said.consent_purposes == 0) missing.push_back(consent);
  if (!said.confirmation) missing.push_back(confirmation);
  if (said.confirmation && !said.proxy) missing.push_back(proxy);
  const bool has_witness = !said.proxy_record.witness.empty();
  if (said.confirmation == Confirmation::witness && !has_witness) missing.push_back(witness);
  if (said.proxy.value_or(ProxyReason::none) != ProxyReason::none) {
    if (said.proxy_record.relation_or_office.empty()) missing.push_back(relation_or_office);
    if (said.proxy_record.paper_form_number.empty() && !has_witness) {
      missing.push_back(witness_or_paper_form);
    }
  }
  return missing;
}

events::Result<void> check_declaration(const Declaration& declaration) {
  if (!missing_in(declaration).empty()) {
    return Error{ErrorCode::invalid_argument, "V30: đăng ký còn thiếu lời của người đăng ký."};
  }
  if (declaration.consent_purposes != 0 && completed(declaration).basis != LawfulBasis::consent) {
    return Error{ErrorCode::invalid_argument, "--consent chỉ đi với --basis “người đó đồng ý”."};
  }
  return {};
}

}  // namespace clients::acts
