// The peer with Express and its defaults.
const express = require('express')

const app = express()
app.get('/number', (request, response) => {
  response.json({ number: 1 + Math.floor(Math.random() * 180) })
})
app.listen(process.env.PORT, '127.0.0.1')
