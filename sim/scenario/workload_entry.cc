// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/workload_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "sim/scenario/param_values.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/text_file.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEntries = 1000;  // of one element of `workloads:`, all levels together
constexpr std::array<std::string_view, 1> kSet{"set"};
constexpr std::array<std::string_view, 5> kFileKeys{"model", "compose", "set", "description", "source"};

/** A `set:` map and the file it stands in; later layers override earlier ones. */
struct SetLayer {
  YamlValue map;
  ErrorSink errors;
};

/** What an entry hands down to the parts it is made of. */
struct Inherited {
  std::string group;  // "a/b/", or empty
  double scale = 1;
  std::optional<Ns> start{};
  std::optional<Ns> stop{};
  std::vector<SetLayer> sets{};
};

std::optional<Ns> given_time(const YamlValue& entry, const Params& params, std::string_view key,
                             std::optional<Ns> otherwise) {
  return entry.find(key) == nullptr ? otherwise : params.time(key);
}

/** The name of an entry: given, or that of its file or model. */
std::string entry_name(const Params& params) {
  for (const std::string_view key : {"name", "use", "model"}) {
    if (!params.text(key).empty()) {
      return key == "use" ? fs::path(params.text(key)).stem().string() : params.text(key);
    }
  }
  return {};
}

/** The entries of @layer that begin with @part and a dot, without them. */
SetLayer layer_for_part(const SetLayer& layer, const std::string& part) {
  SetLayer result{YamlValue{.kind = YamlValue::Kind::map, .at = layer.map.at, .entries = {}}, layer.errors};
  for (const YamlEntry& entry : layer.map.entries) {
    if (entry.key.starts_with(part + ".")) {
      result.map.entries.push_back(entry);
      result.map.entries.back().key.erase(0, part.size() + 1);
    }
  }
  return result;
}

void append_file_name(const fs::path& file, std::set<std::string>& names) {
  if (file.extension() == ".yaml") {
    names.insert(file.stem().string());
  }
}

/** Names of the workload files in @dirs, sorted. */
std::set<std::string> workload_file_names(std::span<const fs::path> dirs) {
  std::set<std::string> names;
  for (const fs::path& dir : dirs) {
    std::error_code error;
    for (const auto& file : fs::directory_iterator(dir, error)) {
      append_file_name(file.path(), names);
    }
  }
  return names;
}

/** Resolves entries recursively; one object a top-level entry. */
class Resolver {
 public:
  explicit Resolver(const WorkloadSources& sources) : sources_(sources) {}

  std::vector<ScenarioWorkload> found;

  void resolve_entry(const YamlValue& entry, const ErrorSink& errors, const Inherited& outer);
  void resolve_file(const YamlValue& file, const ErrorSink& errors, const Inherited& inherited,
                    const std::string& name);

 private:
  void resolve_use(const YamlValue& entry, const std::string& use, const ErrorSink& errors,
                   const Inherited& inherited, const std::string& name);
  void resolve_model(const YamlValue& at, const std::string& model, const ErrorSink& errors,
                     const Inherited& inherited, const std::string& name);
  void resolve_parts(const YamlValue& compose, const ErrorSink& errors, const Inherited& inherited,
                     const std::string& name);
  void refuse_too_many(const YamlValue& entry, const ErrorSink& errors) const;
  std::optional<fs::path> find_file(const YamlValue& at, const std::string& use, const ErrorSink& errors) const;

  const WorkloadSources& sources_;
  std::vector<std::string> open_files_;  // being resolved, to notice circles
  std::size_t nr_entries_ = 0;
};

/** The value under @key if it is there, else the entry itself: where an error about it belongs. */
Mark mark_of(const YamlValue& entry, std::string_view key) {
  const YamlValue* value = entry.find(key);
  return value == nullptr ? entry.at : value->at;
}

/** Checks what read_params() cannot: names, one source, start before stop. */
bool check_entry(const YamlValue& entry, const Params& params, const ErrorSink& errors) {
  const bool has_use = !params.text("use").empty();
  const bool has_model = !params.text("model").empty();
  if (has_use == has_model) {
    errors.add(entry.at, has_use ? "use and model exclude each other" : "a workload needs a use or a model");
    return false;
  }
  if (!is_plain_name(entry_name(params), true)) {
    errors.add(mark_of(entry, "name"),
               fmt::format("'{}' is no name for a workload; letters, digits, '-' and '_' are allowed",
                           entry_name(params)));
    return false;
  }
  if (entry.find("stop") != nullptr && params.time("stop") <= params.time("start")) {
    errors.add(mark_of(entry, "stop"), "stop must be later than start");
  }
  return true;
}

void Resolver::refuse_too_many(const YamlValue& entry, const ErrorSink& errors) const {
  if (nr_entries_ == kMaxEntries + 1) {
    errors.add(entry.at, fmt::format("too many parts; at most {} are allowed", kMaxEntries));
  }
}

void Resolver::resolve_entry(const YamlValue& entry, const ErrorSink& errors, const Inherited& outer) {
  Params params(entry_specs());
  if (++nr_entries_ > kMaxEntries || !expect_map(entry, "a workload", errors)) {
    refuse_too_many(entry, errors);
    return;
  }
  read_params(entry, params, errors, kSet);
  if (!check_entry(entry, params, errors)) {
    return;
  }
  const std::string name = entry_name(params);
  Inherited inner{.group = outer.group, .scale = outer.scale * params.real("scale")};
  inner.start = given_time(entry, params, "start", outer.start);
  inner.stop = given_time(entry, params, "stop", outer.stop);
  if (const YamlValue* set = entry.find("set"); set != nullptr && expect_map(*set, "set", errors)) {
    inner.sets.push_back(SetLayer{*set, errors});
  }
  for (const SetLayer& layer : outer.sets) {
    inner.sets.push_back(layer_for_part(layer, name));
  }
  if (params.text("model").empty()) {
    resolve_use(entry, params.text("use"), errors, inner, name);
  } else {
    resolve_model(entry, params.text("model"), errors, inner, name);
  }
}

std::optional<fs::path> Resolver::find_file(const YamlValue& at, const std::string& use,
                                            const ErrorSink& errors) const {
  if (use.ends_with(".yaml")) {
    return fs::path(errors.file()).parent_path() / use;
  }
  for (const fs::path& dir : sources_.dirs) {
    std::error_code error;
    if (fs::exists(dir / (use + ".yaml"), error)) {
      return dir / (use + ".yaml");
    }
  }
  const auto names = workload_file_names(sources_.dirs);
  const std::vector<std::string_view> known(names.begin(), names.end());
  errors.add(mark_of(at, "use"), unknown_name("workload", use, known));
  return std::nullopt;
}

void Resolver::resolve_use(const YamlValue& entry, const std::string& use, const ErrorSink& errors,
                           const Inherited& inherited, const std::string& name) {
  const auto path = find_file(entry, use, errors);
  if (!path) {
    return;
  }
  if (std::ranges::find(open_files_, path->string()) != open_files_.end()) {
    errors.add(mark_of(entry, "use"), fmt::format("workload '{}' is made of itself", use));
    return;
  }
  const ErrorSink file_errors = errors.for_file(path->string());
  const auto text = read_text_file(*path, file_errors);
  const auto root = text ? parse_yaml(*text, file_errors) : std::nullopt;
  if (root) {
    open_files_.push_back(path->string());
    resolve_file(*root, file_errors, inherited, name);
    open_files_.pop_back();
  }
}

void refuse_unknown_file_keys(const YamlValue& file, const ErrorSink& errors) {
  for (const YamlEntry& entry : file.entries) {
    if (std::ranges::find(kFileKeys, entry.key) == kFileKeys.end()) {
      errors.add(entry.at, unknown_key(entry.key, {}, kFileKeys));
    }
  }
}

void Resolver::resolve_file(const YamlValue& file, const ErrorSink& errors, const Inherited& inherited,
                            const std::string& name) {
  if (!expect_map(file, "a workload file", errors)) {
    return;
  }
  refuse_unknown_file_keys(file, errors);
  const YamlValue* model = file.find("model");
  const YamlValue* compose = file.find("compose");
  if ((model == nullptr) == (compose == nullptr)) {
    errors.add(file.at, "a workload file needs either a model or a compose");
    return;
  }
  Inherited layered = inherited;
  if (const YamlValue* set = file.find("set"); set != nullptr && expect_map(*set, "set", errors)) {
    layered.sets.insert(layered.sets.begin(), SetLayer{*set, errors});
  }
  if (model == nullptr) {
    resolve_parts(*compose, errors, layered, name);
  } else if (model->kind == YamlValue::Kind::scalar) {
    resolve_model(file, model->text, errors, layered, name);
  } else {
    errors.add(model->at, fmt::format("model: a name is needed, not {}", kind_name(model->kind)));
  }
}

void Resolver::resolve_model(const YamlValue& at, const std::string& model, const ErrorSink& errors,
                             const Inherited& inherited, const std::string& name) {
  const auto schema = sources_.models.params_of(model);
  if (!schema) {
    errors.add(mark_of(at, "model"), unknown_name("model", model, sources_.models.names()));
    return;
  }
  ScenarioWorkload workload{.name = inherited.group + name,
                            .model = model,
                            .scale = inherited.scale,
                            .start = inherited.start,
                            .stop = inherited.stop,
                            .params = Params(*schema)};
  for (const SetLayer& layer : inherited.sets) {
    read_params(layer.map, workload.params, layer.errors);
  }
  found.push_back(std::move(workload));
}

/** Names of the parts of a composition, as far as they can be told. */
std::vector<std::string> part_names(const YamlValue& compose) {
  std::vector<std::string> names;
  for (const YamlValue& part : compose.items) {
    Params params(entry_specs());
    Diagnostics ignored;
    read_params(part, params, ErrorSink("", ignored), kSet);
    names.push_back(entry_name(params));
  }
  return names;
}

/** Reports the keys of @layer that belong to none of @parts. */
void refuse_unknown_parts(const SetLayer& layer, const std::vector<std::string>& parts) {
  for (const YamlEntry& entry : layer.map.entries) {
    const auto is_of = [&](const std::string& part) { return entry.key.starts_with(part + "."); };
    if (std::ranges::none_of(parts, is_of)) {
      layer.errors.add(entry.at, fmt::format("'{}' names no part of this workload; keys are PART.KEY with PART {}",
                                             entry.key, fmt::join(parts, ", ")));
    }
  }
}

void Resolver::resolve_parts(const YamlValue& compose, const ErrorSink& errors, const Inherited& inherited,
                             const std::string& name) {
  if (!expect_list(compose, "compose", errors)) {
    return;
  }
  for (const SetLayer& layer : inherited.sets) {
    refuse_unknown_parts(layer, part_names(compose));
  }
  Inherited inner = inherited;
  inner.group = inherited.group + name + "/";
  for (const YamlValue& part : compose.items) {
    resolve_entry(part, errors, inner);
  }
}

}  // namespace

std::vector<ScenarioWorkload> resolve_workload(const YamlValue& entry, const WorkloadSources& sources,
                                               const ErrorSink& errors) {
  Resolver resolver(sources);
  resolver.resolve_entry(entry, errors, Inherited{});
  return std::move(resolver.found);
}

void check_workload_file(const YamlValue& file, const std::string& name, const WorkloadSources& sources,
                         const ErrorSink& errors) {
  Resolver resolver(sources);
  resolver.resolve_file(file, errors, Inherited{}, name);
}

bool looks_like_workload_file(const YamlValue& root) {
  return root.find("model") != nullptr || root.find("compose") != nullptr;
}

}  // namespace gbsim
