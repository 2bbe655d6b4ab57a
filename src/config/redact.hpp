// What may be shown of a configuration that holds secrets, and what is hidden from then on.
#pragma once

#include "config/document.hpp"

#include <string>
#include <utility>
#include <vector>

namespace isinfetch {

/// `tree` with "***" for what nobody may read over a shoulder: request headers but for the harmless
/// ones, bodies of requests that are not the catalogue's, user and password of URLs, passwords in
/// the location of a store, and everything that came as a credential.
Value without_secrets(Value tree);

/// Has remember_secret() know them, so that no text which repeats one leaves the process.
void remember_secrets(const Value& tree);

/// Likewise the proxies' and PostgreSQL's passwords among the variables of the environment.
void remember_secrets(const std::vector<std::pair<std::string, std::string>>& environment);

/// Likewise of a document that is no YAML: what is wrong is explained with a piece of it.
void remember_secrets_of_broken(const std::string& yaml);

/// Does the configuration file `yaml` hold one of these? Also where another file has the last word,
/// and in a remark, where the token of last year may stand. `name` is for errors.
/// Throws Error{config} for what is no YAML.
bool holds_secrets(const std::string& yaml, const std::string& name);

}  // namespace isinfetch
