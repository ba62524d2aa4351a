-- For wrk: sends 32 bytes to hasher, as the worker does.
wrk.method = "POST"
wrk.body = string.rep("x", 32)
