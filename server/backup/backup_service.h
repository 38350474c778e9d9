#pragma once

#include "events/base/result.h"
#include "server/backup/backup.h"

#include <boost/json/object.hpp>

#include <filesystem>

namespace server {

/// The wish for a backup as the control socket carries it.
boost::json::object in_json(const BackupRequest& request);
/// Errors: invalid_argument.
events::Result<BackupRequest> backup_request_from(const boost::json::object& request);

/// What came of a backup: "head" in words.
/// Errors: as back_up().
events::Result<boost::json::object> serve_backup(const BackupSource& source,
                                                 const boost::json::object& request,
                                                 const OnProgress& on_progress);

/// The same for a server that does not run.
/// Errors: busy: it does run, without a control socket; not_found: there is no such data directory.
events::Result<boost::json::object> back_up_stopped(const std::filesystem::path& data,
                                                    const BackupRequest& request,
                                                    const OnProgress& on_progress);

}  // namespace server
