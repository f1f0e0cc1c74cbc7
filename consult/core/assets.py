def register(app): app.jinja_env.globals["asset"]=lambda p: p
