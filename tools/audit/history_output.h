#pragma once

#include "tools/audit/history.h"
#include "tools/audit/private_files.h"

#include <span>
#include <string>

namespace audit {

/// The history for people: English, with the Vietnamese names of things.
std::string history_text(const DossierHistory& history, const PrivateTexts& private_texts);
/// The history for programs: one line of JSON.
std::string history_json(const DossierHistory& history, const PrivateTexts& private_texts);

std::string dossiers_text(std::span<const DossierLine> dossiers);
std::string dossiers_json(std::span<const DossierLine> dossiers);

}  // namespace audit
